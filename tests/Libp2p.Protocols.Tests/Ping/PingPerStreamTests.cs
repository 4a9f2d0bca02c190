using Libp2p.Protocols.Tests.Support;
using Libp2p.TestKit;

namespace Libp2p.Protocols.Tests.Ping;

public sealed class PingPerStreamTests
{
    [Fact]
    public async Task Who_opens_a_stream_a_ping_is_never_taken_for_one_who_opens_too_many()
    {
        await using var server = await TestNode.StartStackAsync(2);
        await using var client = await TestNode.StartStackAsync(1);
        var connection = await client.ConnectAsync(server);
        var ping = new byte[32];
        for (var i = 0; i < 300; i++)
        {
            // As js does: the end of one stream and the beginning of the next leave one after the other.
            await using var stream = await connection.OpenStreamAsync(["/ipfs/ping/1.0.0"]).Within();
            await stream.Output.WriteAsync(ping).Within();
            (await stream.Input.ReadExactlyAsync(32).Within()).ShouldBe(ping);
        }
    }
}
