using Libp2p.Endurance.StoreKills;

namespace Libp2p.Endurance.Tests;

/// <summary>Ten kills of a process that writes. What is asserted holds at whichever moment they come.</summary>
public sealed class StoreKillsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("libp2p-store-kills-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_when_the_writer_is_killed()
    {
        var kills = new StoreKillsCampaign(_folder, seed: 1, TestContext.Current.SendDiagnosticMessage);
        for (var i = 0; i < 10; i++) await kills.KillAsync();
        await kills.EndAsync();
        kills.Count.ShouldBe(10);
    }
}
