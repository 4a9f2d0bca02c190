using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using Libp2p.Multiformats;
using Libp2p.Protocols.Ping;
using Libp2p.Protocols.Tests.Support;
using Libp2p.TestKit;

namespace Libp2p.Protocols.Tests;

/// <summary>The protocols over the whole stack: TCP, Noise and yamux on real sockets.</summary>
[CollectionDefinition(nameof(StackTests), DisableParallelization = true)]
[Collection(nameof(StackTests))]
public sealed class StackTests
{
    private static readonly ProtocolId _ping = new("/ipfs/ping/1.0.0");

    [Theory]
    [InlineData("/ip4/127.0.0.1/tcp/0")]
    [InlineData("/ip6/::1/tcp/0")]
    public async Task Two_nodes_identify_and_ping_each_other(string listen)
    {
        await using var server = await TestNode.StartStackAsync(2, listen);
        await using var client = await TestNode.StartStackAsync(1, listen);
        using var serverLearns = server.Listen<PeerIdentified>();
        var connection = await client.ConnectAsync(server);
        var info = await client.Swarm.Find<IIdentifyService>()!.IdentifyAsync(connection).Within();
        info.PeerId.ShouldBe(server.PeerId);
        info.SignedRecord.ShouldNotBeNull().Addresses.ShouldBe(server.Swarm.ListenAddresses);
        info.ObservedAddress.ShouldBe(connection.Local);
        info.Protocols.ShouldContain(_ping);
        (await serverLearns.NextAsync()).Info.SignedRecord.ShouldNotBeNull().Addresses.ShouldBe(client.Swarm.ListenAddresses);

        var count = 0;
        await foreach (var took in client.Swarm.Find<IPingService>()!.PingAsync(connection))
        {
            took.ShouldBeGreaterThan(TimeSpan.Zero);
            if (++count == 20)
            {
                break;
            }
        }

        // And back, over the same connection.
        await using var back = server.Swarm.Find<IPingService>()!.PingAsync(server.Swarm.Connections.Single()).GetAsyncEnumerator();
        (await back.MoveNextAsync().Within()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_dial_leaves_from_the_listening_port_so_that_the_other_sees_an_address_to_dial()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Port reuse is promised on Linux.");
        await using var server = await TestNode.StartStackAsync(2);
        await using var client = await TestNode.StartStackAsync(1);
        var connection = await client.ConnectAsync(server);
        (await client.Swarm.Find<IIdentifyService>()!.IdentifyAsync(connection).Within()).ObservedAddress.ShouldBe(client.Swarm.ListenAddresses[0]);
    }

    [Fact]
    public async Task A_change_is_pushed_to_the_other_side()
    {
        await using var server = await TestNode.StartStackAsync(2);
        await using var client = await TestNode.StartStackAsync(1);
        var connection = await client.ConnectAsync(server);
        await client.Swarm.Find<IIdentifyService>()!.IdentifyAsync(connection).Within();
        await server.Swarm.Find<IIdentifyService>()!.IdentifyAsync(server.Swarm.Connections.Single()).Within();
        using var learns = client.Listen<PeerIdentified>();
        await using var handler = server.Swarm.Handle("/new/1.0.0", static (_, _) => default);
        var change = await learns.NextAsync();
        change.Pushed.ShouldBeTrue();
        change.Info.Protocols.ShouldContain(new ProtocolId("/new/1.0.0"));
    }

    [Fact]
    public async Task A_wrong_peer_id_fails_the_dial_and_the_error_names_the_real_one()
    {
        await using var server = await TestNode.StartStackAsync(2);
        await using var client = await TestNode.StartStackAsync(1);
        var wrong = server.Swarm.ListenAddresses[0].Append(MultiaddrProtocol.P2p, TestIdentity.Get(3).PeerId.Bytes);
        var failure = await Should.ThrowAsync<Libp2pException>(() => client.Swarm.ConnectAsync(wrong).AsTask().Within());
        failure.ToString().ShouldContain(server.PeerId.ToString());
        failure.Layer.ShouldBe(ConnectionLayer.Security);

        var right = server.Swarm.ListenAddresses[0].Append(MultiaddrProtocol.P2p, server.PeerId.Bytes);
        (await client.Swarm.ConnectAsync(right).Within()).RemotePeer.ShouldBe(server.PeerId);
    }

    [Fact]
    public async Task Sixty_four_streams_at_once_echo_a_mebibyte_each()
    {
        await using var server = await TestNode.StartStackAsync(2);
        await using var client = await TestNode.StartStackAsync(1);
        await using var handler = server.Swarm.Handle("/echo/1.0.0", static async (stream, _) => await stream.EchoAsync(CancellationToken.None));
        var connection = await client.ConnectAsync(server);
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async number =>
        {
            var sent = DuplexBytes.Pattern(1024 * 1024, seed: number);
            await using var stream = await connection.OpenStreamAsync(["/echo/1.0.0"]).Within();
            var writing = stream.Output.WriteToEndAsync(sent);
            var received = await stream.Input.ReadToEndAsync().Within();
            await writing.Within();
            SHA256.HashData(received).ShouldBe(SHA256.HashData(sent));
        }));
    }

    [Fact]
    public async Task A_ping_costs_next_to_no_allocation_on_either_side()
    {
        // Both sides and this test's own reads are counted. A box or a buffer a ping would be 100 bytes or more; but in a debug build every call of an async method
        // is an object, and only buffers can be told.
        var most = typeof(PingPlugin).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true } ? 2000 : 100;
        await using var server = await TestNode.StartStackAsync(2);
        await using var client = await TestNode.StartStackAsync(1);
        var connection = await client.ConnectAsync(server);
        await client.Swarm.Find<IIdentifyService>()!.IdentifyAsync(connection).Within();
        await using var stream = await connection.OpenStreamAsync([_ping], new OpenStreamOptions { Negotiation = NegotiationMode.Eager }).Within();
        var ping = new byte[32];
        await PingAsync(500);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await PingAsync(2000);
        var each = (GC.GetTotalAllocatedBytes(precise: true) - before) / 2000.0;

        each.ShouldBeLessThan(most);

        async Task PingAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                await stream.Output.WriteAsync(ping);
                var left = 32L;
                while (left > 0)
                {
                    var read = await stream.Input.ReadAsync();
                    left -= read.Buffer.Length;
                    stream.Input.AdvanceTo(read.Buffer.End);
                    read.IsCompleted.ShouldBeFalseCheaply();
                }
            }
        }
    }
}

internal static class CheapAssertions
{
    /// <summary>An assertion that allocates nothing while it holds.</summary>
    public static void ShouldBeFalseCheaply(this bool value)
    {
        if (value)
        {
            throw new InvalidOperationException("It did hold.");
        }
    }
}
