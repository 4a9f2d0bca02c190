using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Libp2p.Multiformats;
using Libp2p.Muxers.Yamux;
using Libp2p.Security.Noise;
using Libp2p.Swarm.Tests.Connections;
using Libp2p.TestKit;
using Libp2p.Transports.Tcp;

namespace Libp2p.Swarm.Tests.Upgrading;

/// <summary>The real composition: TCP on loopback, Noise, yamux.</summary>
public class StackTests
{
    private const string Header = "\u0013/multistream/1.0.0\n";

    /// <summary>What Noise's dialer says first: a length and an ephemeral key.</summary>
    private const int FirstMessage = 34;

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task Connects_both_ways_with_and_without_early_muxer_negotiation(bool dialerEarly, bool listenerEarly)
    {
        await using var nodes = new StackNodes();
        var listener = await nodes.StartAsync(1, earlyMuxer: listenerEarly);
        var dialer = await nodes.StartAsync(2, earlyMuxer: dialerEarly);
        var connection = await dialer.ConnectAsync(StackNodes.AddressOf(listener)).Within();
        connection.RemotePeer.ShouldBe(listener.PeerId);
        connection.RemoteKey.ShouldBe(listener.Context.Identity.PublicKey);
        connection.Security.ShouldBe("/noise");
        connection.Muxer.ShouldBe("/yamux/1.0.0");
        connection.Remote.ShouldBe(listener.ListenAddresses[0]);
        await ConnectionTests.EchoAsync(connection);
        await Watchdog.Eventually(() => listener.Connections.Count == 1);
        var back = listener.Connections.Single();
        back.RemotePeer.ShouldBe(dialer.PeerId);
        back.Remote.ShouldBe(connection.Local);
        back.Local.ShouldBe(connection.Remote);
        await ConnectionTests.EchoAsync(back);
        await connection.CloseAsync().Within();
        (await back.Completion.Within()).ByRemote.ShouldBeTrue();
    }

    [Fact]
    public async Task Sixty_four_streams_at_once_lazy_and_eager()
    {
        await using var nodes = new StackNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2);
        var connection = await dialer.ConnectAsync(StackNodes.AddressOf(listener)).Within();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async number =>
        {
            var mode = new OpenStreamOptions { Negotiation = number % 2 == 0 ? NegotiationMode.Lazy : NegotiationMode.Eager };
            await using var stream = await connection.OpenStreamAsync([QuicNodes.Echo], mode).Within();
            var bytes = DuplexBytes.Pattern(256 * 1024, number);
            var answer = stream.Input.ReadToEndAsync();
            await stream.Output.WriteToEndAsync(bytes).Within();
            SHA256.HashData(await answer.Within()).ShouldBe(SHA256.HashData(bytes));
        })).Within();
        await Watchdog.Eventually(() => connection.Streams.Count == 0 && listener.Connections.Single().Streams.Count == 0);
    }

    [Fact]
    public async Task Row11_wrong_peer_fails_at_both_ends_and_the_dialer_learns_the_actual_one()
    {
        await using var nodes = new StackNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2);
        await using var events = listener.Events(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        var wrong = listener.ListenAddresses[0].Append(MultiaddrProtocol.P2p, TestIdentity.Stranger.PeerId.ToString());
        var failure = await Should.ThrowAsync<DialException>(dialer.ConnectAsync(wrong).AsTask().Within());
        failure.InnerException.ShouldBeOfType<PeerIdMismatchException>().Actual.ShouldBe(listener.PeerId);
        failure.Message.ShouldContain(listener.PeerId.ToString());
        failure.Report.Attempts.Single().Steps.Take(2).Select(static step => step.Name).ShouldBe(["transport", "/noise"]);
        (await events.MoveNextAsync().Within()).ShouldBeTrue();
        events.Current.ShouldBeOfType<IncomingFailed>();
        listener.Connections.ShouldBeEmpty();
        await ConnectionTests.EchoAsync(await dialer.ConnectAsync(StackNodes.AddressOf(listener)).Within());
    }

    [Fact]
    public async Task Refused_port_says_so_and_what_to_check()
    {
        await using var nodes = new StackNodes();
        var gone = await nodes.StartAsync(1);
        var address = StackNodes.AddressOf(gone);
        await gone.DisposeAsync();
        var dialer = await nodes.StartAsync(2);
        var failure = await Should.ThrowAsync<DialException>(dialer.ConnectAsync(address).AsTask().Within());
        failure.Layer.ShouldBe(ConnectionLayer.Transport);
        failure.Message.ShouldContain("reachable");
    }

    [Fact]
    public async Task Node_without_a_security_channel_or_muxer_says_what_to_install()
    {
        await using var nodes = new StackNodes();
        var listener = await nodes.StartAsync(1);
        var bare = nodes.Make(2);
        nodes.Add(bare, new TcpPlugin());
        await bare.StartAsync();
        var failure = await Should.ThrowAsync<DialException>(bare.ConnectAsync(StackNodes.AddressOf(listener)).AsTask().Within());
        failure.Layer.ShouldBe(ConnectionLayer.Negotiation);
        failure.Message.ShouldContain("Libp2p.Security.Noise");
        nodes.Add(bare, new NoisePlugin());
        (await Should.ThrowAsync<DialException>(bare.ConnectAsync(StackNodes.AddressOf(listener)).AsTask().Within())).Message.ShouldContain("Libp2p.Muxers.Yamux");
        nodes.Add(bare, new YamuxPlugin());
        await ConnectionTests.EchoAsync(await bare.ConnectAsync(StackNodes.AddressOf(listener)).Within());
    }

    [Fact]
    public async Task Muxer_goes_and_comes_while_the_node_runs()
    {
        await using var nodes = new StackNodes();
        var listener = nodes.Make(1);
        nodes.Add(listener, new TcpPlugin());
        nodes.Add(listener, new NoisePlugin());
        var muxer = nodes.Add(listener, new YamuxPlugin());
        listener.Handle(QuicNodes.Echo, static async (stream, token) => await stream.EchoAsync(token));
        await listener.StartAsync();
        var dialer = await nodes.StartAsync(2);
        var connection = await dialer.ConnectAsync(StackNodes.AddressOf(listener)).Within();
        await ConnectionTests.EchoAsync(connection);
        await muxer.DisposeAsync().Within();
        await connection.Completion.Within();
        listener.Connections.ShouldBeEmpty();
        await Should.ThrowAsync<DialException>(dialer.ConnectAsync(StackNodes.AddressOf(listener)).AsTask().Within());
        nodes.Add(listener, new YamuxPlugin());
        await ConnectionTests.EchoAsync(await dialer.ConnectAsync(StackNodes.AddressOf(listener)).Within());
    }

    [Fact]
    public async Task Row06_silent_or_dripping_upgrade_is_closed_at_the_absolute_deadline()
    {
        await using var nodes = new StackNodes(fakeClock: true);
        var listener = await nodes.StartAsync(1);
        await using var events = listener.Events(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        await using var wire = await ConnectBareAsync(nodes, listener);

        // It has begun: the listener answers.
        await wire.SendAsync(Encoding.UTF8.GetBytes(Header));
        await ReadAsync(wire, Header.Length);
        var start = nodes.Runtime.Clock.GetUtcNow();
        foreach (var letter in "\u0040/" + new string('x', 18))
        {
            await wire.SendAsync(new[] { (byte)letter });
            nodes.Runtime.Clock.Advance(TimeSpan.FromMilliseconds(400));
        }

        var ended = EndAsync(wire);
        await nodes.Runtime.DriveAsync(ended, TimeSpan.FromSeconds(10)).Within();
        (nodes.Runtime.Clock.GetUtcNow() - start).ShouldBeInRange(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10.5));
        (await events.MoveNextAsync().Within()).ShouldBeTrue();
        var failed = events.Current.ShouldBeOfType<IncomingFailed>();
        failed.Cause.Message.ShouldContain("UpgradeTimeout");

        // It is told before its place is given back.
        await Watchdog.Eventually(() => listener.Context.Governor.Connections == 0);
        var dialer = await nodes.StartAsync(2);
        await ConnectionTests.EchoAsync(await dialer.ConnectAsync(StackNodes.AddressOf(listener)).Within());
    }

    [Fact]
    public async Task Row07_upgrade_flood_is_refused_beyond_the_limit_without_holding_up_accept()
    {
        await using var nodes = new StackNodes(fakeClock: true);
        var listener = await nodes.StartAsync(1);
        var silent = new List<IStreamSocket>();
        for (var i = 0; i < 16; i++)
        {
            var wire = await ConnectBareAsync(nodes, listener);
            await wire.SendAsync(Encoding.UTF8.GetBytes(Header));
            await ReadAsync(wire, Header.Length);
            silent.Add(wire);
        }

        listener.Context.Governor.Connections.ShouldBe(16);
        for (var i = 0; i < 50; i++)
        {
            await RefusedAsync(nodes, listener);
        }

        listener.Context.Governor.Connections.ShouldBe(16);
        silent[0].Abort();
        await Watchdog.Eventually(() => listener.Context.Governor.Connections == 15);
        var dialer = await nodes.StartAsync(2);
        await ConnectionTests.EchoAsync(await dialer.ConnectAsync(StackNodes.AddressOf(listener)).Within());
        foreach (var wire in silent) await wire.DisposeAsync();
    }

    [Fact]
    public async Task Row07_when_upgrades_are_full_the_oldest_silent_one_goes_first()
    {
        await using var nodes = new StackNodes(fakeClock: true);
        var listener = await nodes.StartAsync(1);
        await using var events = listener.Events(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        var wires = new List<IStreamSocket>();
        for (var i = 0; i < 16; i++)
        {
            var wire = await ConnectBareAsync(nodes, listener);
            wires.Add(wire);
            await Watchdog.Eventually(() => listener.Context.Governor.Connections == wires.Count);
            if (i != 0) continue;

            // The oldest speaks.
            await wire.SendAsync(Encoding.UTF8.GetBytes(Header));
            await ReadAsync(wire, Header.Length);
        }

        var dialer = await nodes.StartAsync(2);
        var connection = await dialer.ConnectAsync(StackNodes.AddressOf(listener)).Within();
        await EndAsync(wires[1]).Within();
        IncomingFailed? displaced = null;
        while (displaced is null && await events.MoveNextAsync().Within()) displaced = events.Current as IncomingFailed;
        displaced.ShouldNotBeNull().Cause.ShouldBeOfType<ResourceLimitException>().Denial.ToString()
            .ShouldBe("listener: 1 inbound pending upgrades asked, 16 of 16 in use. Raise MaxPendingUpgrades to allow more.");
        await ConnectionTests.EchoAsync(connection);

        // A flood of silent sockets displaces itself: who speaks keeps its place.
        for (var i = 0; i < 50; i++) wires.Add(await ConnectBareAsync(nodes, listener));
        await EndAsync(wires[15]).Within();
        await wires[0].SendAsync(Encoding.UTF8.GetBytes("\u0003na"));
        await ConnectionTests.EchoAsync(connection);
        foreach (var wire in wires) await wire.DisposeAsync();
    }

    [Fact]
    public async Task Every_prefix_of_an_upgrade_fails_it_and_nothing_else()
    {
        await using var nodes = new StackNodes();
        var listener = await nodes.StartAsync(1);
        await using var events = listener.Events(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        var bytes = Encoding.UTF8.GetBytes(Header + "\u0007/noise\n");
        for (var length = 0; length <= bytes.Length; length++)
        {
            await using var wire = await ConnectBareAsync(nodes, listener);
            if (length > 0) await wire.SendAsync(bytes.AsMemory(0, length));
            wire.ShutdownSend();
            (await events.MoveNextAsync().Within()).ShouldBeTrue();
            events.Current.ShouldBeOfType<IncomingFailed>();
        }

        var dialer = await nodes.StartAsync(2);
        await ConnectionTests.EchoAsync(await dialer.ConnectAsync(StackNodes.AddressOf(listener)).Within());
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData(Header + "\u0004/tls")]
    public async Task Something_that_is_no_libp2p_is_closed_at_once(string greeting)
    {
        await using var nodes = new StackNodes();
        var listener = await nodes.StartAsync(1);
        await using var wire = await ConnectBareAsync(nodes, listener);
        await wire.SendAsync(Encoding.UTF8.GetBytes(greeting));
        if (greeting.EndsWith("/tls", StringComparison.Ordinal)) wire.ShutdownSend();
        await EndAsync(wire).Within();
        await Watchdog.Eventually(() => listener.Context.Governor.Connections == 0);
    }

    [Fact]
    public async Task Dialing_something_that_is_no_libp2p_says_at_which_layer()
    {
        await using var nodes = new StackNodes();
        await using var listener = Runtime(nodes).Listen(new IPEndPoint(IPAddress.Loopback, 0), 1);
        var dialer = await nodes.StartAsync(2);
        var connecting = dialer.ConnectAsync(Multiaddr.FromEndPoint((IPEndPoint)listener.Local)).AsTask();
        await using var wire = (await listener.AcceptAsync().Within()).ShouldNotBeNull();
        await wire.SendAsync("SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray());
        var failure = await Should.ThrowAsync<DialException>(connecting.Within());
        failure.Layer.ShouldBe(ConnectionLayer.Negotiation);
    }

    [Fact]
    public async Task Simultaneous_dials_of_each_other_give_each_a_connection()
    {
        await using var nodes = new StackNodes();
        var one = await nodes.StartAsync(1);
        var two = await nodes.StartAsync(2);
        var dials = await Task.WhenAll(one.ConnectAsync(StackNodes.AddressOf(two)).AsTask(), two.ConnectAsync(StackNodes.AddressOf(one)).AsTask()).Within();
        await ConnectionTests.EchoAsync(dials[0]);
        await ConnectionTests.EchoAsync(dials[1]);
    }

    [Fact]
    public async Task Every_prefix_of_a_listeners_answer_fails_the_dial_with_its_layer()
    {
        await using var nodes = new StackNodes();
        await using var server = Runtime(nodes).Listen(new IPEndPoint(IPAddress.Loopback, 0), 8);
        var dialer = await nodes.StartAsync(2);
        var address = Multiaddr.FromEndPoint((IPEndPoint)server.Local);
        var bytes = Encoding.UTF8.GetBytes(Header + "\u0007/noise\n");
        for (var length = 0; length <= bytes.Length; length++)
        {
            var connecting = dialer.ConnectAsync(address).AsTask();
            await using var wire = (await server.AcceptAsync().Within()).ShouldNotBeNull();
            await ReadAsync(wire, bytes.Length + FirstMessage);
            if (length > 0) await wire.SendAsync(bytes.AsMemory(0, length));
            wire.ShutdownSend();
            var failure = await Should.ThrowAsync<DialException>(connecting.Within());
            failure.Layer.ShouldBe(length < bytes.Length ? ConnectionLayer.Negotiation : ConnectionLayer.Security);
        }
    }

    [Fact]
    public async Task Stop_delivers_what_handlers_wrote_to_the_last_byte()
    {
        await using var nodes = new StackNodes();
        var listener = await nodes.StartAsync(1, static options => options.DrainTimeout = TimeSpan.FromMinutes(1));
        var go = new TaskCompletionSource();
        var bytes = DuplexBytes.Pattern(1 << 20);
        listener.Handle("/last/1", async (stream, token) =>
        {
            await go.Task;
            await stream.Output.WriteToEndAsync(bytes, cancellationToken: token);
        });
        var dialer = await nodes.StartAsync(2);
        var connection = await dialer.ConnectAsync(StackNodes.AddressOf(listener)).Within();
        await using var stream = await connection.OpenStreamAsync(["/last/1"]).Within();
        await Watchdog.Eventually(() => listener.Context.Handlers.Uses == 1);
        var stop = listener.StopAsync().AsTask();
        go.SetResult();
        (await stream.Input.ReadToEndAsync().Within()).ShouldBe(bytes);
        await stop.Within();
        (await connection.Completion.Within()).Code.ShouldBe(ConnectionErrorCode.None);
    }

    [Fact]
    public async Task Wildcard_is_announced_as_the_addresses_of_the_interfaces()
    {
        await using var nodes = new StackNodes();
        var listener = await nodes.StartAsync(1, static options => options.ListenAddresses = [Multiaddr.Parse("/ip4/0.0.0.0/tcp/0")]);
        listener.ListenAddresses.ShouldNotBeEmpty();
        listener.ListenAddresses.ShouldAllBe(static address => !address.IsUnspecified);
        var loopback = listener.ListenAddresses.Single(static address => address.IsLoopback);
        var dialer = await nodes.StartAsync(2);
        await ConnectionTests.EchoAsync(await dialer.ConnectAsync(loopback).Within());
    }

    [Fact]
    public async Task What_has_ended_is_not_remembered()
    {
        await using var nodes = new StackNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2);
        var remains = await UseAndCloseAsync(listener, dialer);
        await Watchdog.Eventually(() => listener.Connections.Count == 0);
        await Watchdog.Eventually(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return remains.All(static reference => !reference.IsAlive);
        });
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static async Task<List<WeakReference>> UseAndCloseAsync(SwarmNode listener, SwarmNode dialer)
    {
        var connection = await dialer.ConnectAsync(StackNodes.AddressOf(listener)).Within();
        await Watchdog.Eventually(() => listener.Connections.Count == 1);
        List<WeakReference> remains = [new(connection), new(listener.Connections.Single())];
        foreach (var mode in new[] { NegotiationMode.Eager, NegotiationMode.Lazy })
        {
            var stream = await connection.OpenStreamAsync([QuicNodes.Echo], new OpenStreamOptions { Negotiation = mode }).Within();
            remains.Add(new WeakReference(stream));
            await ConnectionTests.EchoAsync(stream);
        }

        // One that nobody disposes.
        remains.Add(new WeakReference(await connection.OpenStreamAsync([QuicNodes.Echo]).Within()));
        await connection.CloseAsync().Within();
        return remains;
    }

    private static INetwork Runtime(StackNodes nodes) => nodes.Runtime.Node.Network;

    private static async Task<IStreamSocket> ConnectBareAsync(StackNodes nodes, SwarmNode listener)
    {
        listener.ListenAddresses[0].TryGetIPEndPoint(out var endPoint).ShouldBeTrue();
        return await Runtime(nodes).ConnectAsync(endPoint!).Within();
    }

    private static async Task RefusedAsync(StackNodes nodes, SwarmNode listener)
    {
        IStreamSocket wire;
        try
        {
            wire = await ConnectBareAsync(nodes, listener);
        }
        catch (SocketException)
        {
            // Reset before the connect returned.
            return;
        }

        await using (wire) await EndAsync(wire).Within();
    }

    private static async Task ReadAsync(IStreamSocket wire, int length)
    {
        var buffer = new byte[length];
        for (var at = 0; at < length;)
        {
            var count = await wire.ReceiveAsync(buffer.AsMemory(at)).Within();
            count.ShouldBeGreaterThan(0);
            at += count;
        }
    }

    /// <summary>Reads until the remote ends or resets it.</summary>
    private static async Task EndAsync(IStreamSocket wire)
    {
        var buffer = new byte[1024];
        try
        {
            while (await wire.ReceiveAsync(buffer) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // A reset is an end too.
        }
    }
}
