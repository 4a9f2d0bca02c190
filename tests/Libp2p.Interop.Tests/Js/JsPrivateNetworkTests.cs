using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Libp2p.Multiformats;

namespace Libp2p.Interop.Tests.Js;

/// <summary>Of one private network.</summary>
public sealed class JsPrivateNetworkTests : JsInterop
{
    private readonly string _key = SwarmKey.Make();

    protected override string? JsKey => _key;

    protected override string? OurKey => _key;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connects_and_streams_are_echoed(bool weDial)
    {
        var connection = await ConnectAsync(weDial);
        connection.Security.ShouldBe(new ProtocolId("/noise"));
        await Js.MustAsync("echo", new JsonObject { ["peer"] = Ours.Node.PeerId.ToString(), ["streams"] = 4, ["bytes"] = 1_000_000 });
        var stream = await connection.OpenStreamAsync([Digest]);
        var sent = await SendRandomAsync(stream, 1_000_000);
        (await ReadTextAsync(stream)).ShouldBe(sent);
    }
}

/// <summary>Of two different private networks.</summary>
public sealed class JsOtherNetworkTests : JsInterop
{
    private readonly string _theirs = SwarmKey.Make();
    private readonly string _ours = SwarmKey.Make();

    protected override string? JsKey => _theirs;

    protected override string? OurKey => _ours;

    [Fact]
    public async Task Row19_Neither_reaches_the_other()
    {
        await Should.ThrowAsync<DialException>(async () => await Ours.Node.ConnectAsync(Multiaddr.Parse(Js.Address)));
        ((bool)(await Js.AskAsync("dial", new JsonObject { ["addr"] = Ours.Address }))["ok"]!).ShouldBeFalse();
        Ours.Node.Connections.ShouldBeEmpty();
        (await Js.MustAsync("connections"))["connections"]!.AsArray().ShouldBeEmpty();
    }
}

internal static class SwarmKey
{
    /// <summary>A file with a fresh key, in the folder of the tests.</summary>
    public static string Make()
    {
        var file = Path.Combine(AppContext.BaseDirectory, $"swarm-{Guid.NewGuid():N}.key");
        File.WriteAllText(file, $"/key/swarm/psk/1.0.0/\n/base16/\n{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}\n");
        return file;
    }
}
