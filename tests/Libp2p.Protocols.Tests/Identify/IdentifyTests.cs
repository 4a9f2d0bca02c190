using Libp2p.Multiformats;
using Libp2p.Protocols.Identify;
using Libp2p.Protocols.Tests.Support;
using Libp2p.TestKit;
using Libp2p.TestKit.Probes;
using Libp2p.Wire;
using Message = Libp2p.Protocols.Identify.Wire.Identify;

namespace Libp2p.Protocols.Tests.Identify;

public sealed class IdentifyTests
{
    private static readonly ProtocolId _id = new("/ipfs/id/1.0.0");
    private static readonly ProtocolId _push = new("/ipfs/id/push/1.0.0");
    private readonly FakeQuicNetwork _network = new();
    private readonly TestRuntime _runtime = TestRuntime.Fake();

    [Fact]
    public async Task Both_ends_of_a_new_connection_learn_what_the_other_is()
    {
        await using var server = await StartAsync(2);
        await using var client = await StartAsync(1, listens: false, ("AgentVersion", "client/1"));
        using var serverLearns = server.Listen<PeerIdentified>();
        using var clientLearns = client.Listen<PeerIdentified>();
        var connection = await client.ConnectAsync(server);

        var there = await clientLearns.NextAsync();
        there.Connection.ShouldBe(connection);
        there.Pushed.ShouldBeFalse();
        there.Info.PeerId.ShouldBe(server.PeerId);
        there.Info.AgentVersion.ShouldNotBeNull().ShouldStartWith("Libp2p.Framework/");
        there.Info.ProtocolVersion.ShouldBe("ipfs/0.1.0");
        there.Info.PublicKey.ShouldBe(server.Identity.PublicKey);
        there.Info.ListenAddresses.ShouldBe(server.Swarm.ListenAddresses);
        there.Info.Protocols.ShouldBe([_id, _push], ignoreOrder: true);
        there.Info.SignedRecord.ShouldNotBeNull().Addresses.ShouldBe(server.Swarm.ListenAddresses);
        there.Info.ObservedAddress.ShouldBe(connection.Local);

        var here = await serverLearns.NextAsync();
        here.Info.PeerId.ShouldBe(client.PeerId);
        here.Info.AgentVersion.ShouldBe("client/1");
        here.Info.ListenAddresses.ShouldBeEmpty();
        here.Info.SignedRecord.ShouldBeNull();
        here.Info.ObservedAddress.ShouldBe(connection.Remote);

        client.Swarm.Peers.TryGet(server.PeerId, out var known).ShouldBeTrue();
        known!.AgentVersion.ShouldBe(there.Info.AgentVersion);
        known.Protocols.ShouldBe([_id, _push], ignoreOrder: true);
        known.Addresses.ShouldContain(server.Swarm.ListenAddresses[0]);

        // Asked once a connection; the answer is shared.
        (await client.Swarm.Find<IIdentifyService>()!.IdentifyAsync(connection).Within()).ShouldBeSameAs(there.Info);
    }

    [Fact]
    public async Task Changes_are_pushed_together_after_a_moment()
    {
        await using var server = await StartAsync(2);
        await using var client = await StartAsync(1, listens: false);
        await IdentifiedBothWaysAsync(client, server);
        using var learns = client.Listen<PeerIdentified>();

        await using var one = server.Swarm.Handle("/one", static (_, _) => default);
        await using var two = server.Swarm.Handle("/two", static (_, _) => default);
        var pushed = learns.NextAsync();
        await _runtime.DriveAsync(pushed, TimeSpan.FromSeconds(5));
        var change = await pushed;
        change.Pushed.ShouldBeTrue();
        change.Info.Protocols.ShouldBe([_id, _push, "/one", "/two"], ignoreOrder: true);
        client.Swarm.Peers.TryGet(server.PeerId, out var known).ShouldBeTrue();
        known!.Protocols.ShouldContain(new ProtocolId("/two"));
        learns.Count.ShouldBe(0);

        // The service answers with the latest.
        var latest = await client.Swarm.Find<IIdentifyService>()!.IdentifyAsync(client.Swarm.Connections.Single());
        latest.Protocols.ShouldContain(new ProtocolId("/one"));

        await one.DisposeAsync();
        pushed = learns.NextAsync();
        await _runtime.DriveAsync(pushed, TimeSpan.FromSeconds(5));
        (await pushed).Info.Protocols.ShouldBe([_id, _push, "/two"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_push_on_demand_reaches_all_who_speak_it_and_nobody_else()
    {
        await using var server = await StartAsync(2);
        await using var first = await StartAsync(1, listens: false);
        await using var second = await StartAsync(3, listens: false);
        await using var old = await TestNode.StartAsync(4, _network, _runtime, static node => node.Swarm.Handle(_id, static (stream, _) => SendAsync(stream, new Message { AgentVersion = "old" })), listens: false);
        var unasked = 0;
        await using var handler = old.Swarm.Handle(_push, (_, _) =>
        {
            Interlocked.Increment(ref unasked);
            return default;
        });
        await IdentifiedBothWaysAsync(first, server);
        await IdentifiedBothWaysAsync(second, server);
        await old.ConnectAsync(server);
        var serverSide = server.Swarm.Connections.Single(one => one.RemotePeer == old.PeerId);
        (await server.Swarm.Find<IIdentifyService>()!.IdentifyAsync(serverSide).Within()).AgentVersion.ShouldBe("old");

        using var firstLearns = first.Listen<PeerIdentified>();
        using var secondLearns = second.Listen<PeerIdentified>();
        await server.Swarm.Find<IIdentifyService>()!.PushAsync().Within();
        (await firstLearns.NextAsync()).Pushed.ShouldBeTrue();
        (await secondLearns.NextAsync()).Pushed.ShouldBeTrue();

        // It never said that it speaks it.
        unasked.ShouldBe(0);
    }

    [Fact]
    public async Task Row42_A_record_with_a_lower_sequence_is_ignored()
    {
        await using var server = await StartAsync(2);
        await using var client = await BareAsync(Record(5, "/ip4/127.0.0.1/tcp/5"));
        await client.ConnectAsync(server);
        await Watchdog.Eventually(() => Knows(5));
        await PushAsync(client, Record(4, "/ip4/127.0.0.1/tcp/4"), "a/4");
        await Watchdog.Eventually(() => server.Swarm.Peers.TryGet(client.PeerId, out var info) && info.AgentVersion == "a/4");
        Knows(4).ShouldBeFalse();
        Knows(5).ShouldBeTrue();
        await PushAsync(client, Record(6, "/ip4/127.0.0.1/tcp/6"), "a/6");
        await Watchdog.Eventually(() => Knows(6));
        Knows(5).ShouldBeFalse();

        bool Knows(int port) => server.Swarm.Peers.TryGet(client.PeerId, out var info) && info.Addresses.Contains(Multiaddr.Parse($"/ip4/127.0.0.1/tcp/{port}"));

        Message Record(ulong sequence, string address) => new() { SignedPeerRecord = new PeerRecord(TestIdentity.Get(1).PeerId, sequence, [Multiaddr.Parse(address)]).Seal(TestIdentity.Get(1).Key).Encoded };
    }

    [Fact]
    public async Task Row44_A_key_of_another_fails_the_identification_and_changes_nothing()
    {
        await using var server = await StartAsync(2);
        await using var client = await BareAsync(new Message { PublicKey = TestIdentity.Get(3).PublicKey.Protobuf, AgentVersion = "thief" });
        await client.ConnectAsync(server);
        var failure = await Should.ThrowAsync<ProtocolException>(() => IdentifyAsync(server, client));
        failure.Message.ShouldContain(TestIdentity.Get(3).PeerId.ToString());
        server.Swarm.Peers.TryGet(client.PeerId, out var known);
        known?.AgentVersion.ShouldBeNull();
        await StillIdentifiesAsync(server);
    }

    [Fact]
    public async Task Row40_A_message_of_too_many_parts_or_too_large_a_part_fails_and_others_are_served()
    {
        await using var server = await StartAsync(2);
        var part = new Message { AgentVersion = "x" }.ToDelimitedArray();
        foreach (var bytes in new[] { Enumerable.Repeat(part, 11).SelectMany(static b => b).ToArray(), [0x81, 0x40, .. new byte[8193]] })
        {
            await using var client = await BareAsync(async stream => await stream.Output.WriteToEndAsync(bytes));
            await client.ConnectAsync(server);
            await Should.ThrowAsync<Libp2pException>(() => IdentifyAsync(server, client));
        }

        await StillIdentifiesAsync(server);
    }

    [Fact]
    public async Task Row40_A_peer_that_says_nothing_fails_after_5_seconds_and_may_be_asked_again()
    {
        await using var server = await StartAsync(2);
        var quiet = true;
        var never = new TaskCompletionSource();
        await using var client = await BareAsync(async stream =>
        {
            if (quiet)
            {
                await never.Task;
            }

            await SendAsync(stream, new Message { AgentVersion = "late" });
        });
        await client.ConnectAsync(server);
        var asking = IdentifyAsync(server, client);
        var took = await _runtime.DriveAsync(asking, TimeSpan.FromSeconds(30));
        (await Should.ThrowAsync<ProtocolException>(() => asking)).Message.ShouldContain("within 5 s");
        took.ShouldBeInRange(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(7));

        quiet = false;
        (await IdentifyAsync(server, client)).AgentVersion.ShouldBe("late");
        never.SetResult();
    }

    [Fact]
    public async Task An_end_inside_a_part_or_without_any_is_an_error_of_the_remote()
    {
        await using var server = await StartAsync(2);
        foreach (var bytes in new byte[][] { [], [10, 1, 2] })
        {
            await using var client = await BareAsync(async stream => await stream.Output.WriteToEndAsync(bytes));
            await client.ConnectAsync(server);
            await Should.ThrowAsync<ProtocolException>(() => IdentifyAsync(server, client));
        }
    }

    [Fact]
    public async Task Row41_Pushes_beyond_those_allowed_at_once_are_reset()
    {
        await using var server = await StartAsync(2, options: [("MaxParallelPushes", "2")]);
        await using var client = await BareAsync(new Message());
        var connection = await client.ConnectAsync(server);
        await IdentifyAsync(server, client);
        IStream[] streams = [await OpenPushAsync(connection), await OpenPushAsync(connection), await OpenPushAsync(connection)];
        var reads = streams.Select(static stream => stream.Input.ReadAsync().AsTask()).ToArray();

        // Whichever came last; the others are not disturbed.
        var refused = await Task.WhenAny(reads).Within();
        (await Should.ThrowAsync<StreamResetException>(() => refused)).Code.ShouldBe(StreamErrorCode.RateLimited);
        using var learns = server.Listen<PeerIdentified>();
        foreach (var stream in streams.Where((_, number) => reads[number] != refused))
        {
            await SendAsync(stream, new Message { AgentVersion = $"pushed {stream.Id}" });
            (await learns.NextAsync()).Info.AgentVersion.ShouldBe($"pushed {stream.Id}");
        }

        foreach (var stream in streams)
        {
            await stream.DisposeAsync();
        }

        static async Task<IStream> OpenPushAsync(IConnection connection) =>
            await connection.OpenStreamAsync([_push], new OpenStreamOptions { Negotiation = NegotiationMode.Eager }).Within();
    }

    [Fact]
    public async Task A_broken_push_is_reset_and_changes_nothing()
    {
        await using var server = await StartAsync(2);
        await using var client = await BareAsync(new Message { AgentVersion = "good" });
        var connection = await client.ConnectAsync(server);
        await IdentifyAsync(server, client);
        await using var stream = await connection.OpenStreamAsync([_push], new OpenStreamOptions { Negotiation = NegotiationMode.Eager }).Within();
        await stream.Output.WriteToEndAsync(new byte[] { 3, 0xff, 0xff, 0xff });
        (await Should.ThrowAsync<StreamResetException>(() => stream.Input.ReadAsync().AsTask().Within())).Code.ShouldBe(StreamErrorCode.ProtocolViolation);
        server.Swarm.Peers.TryGet(client.PeerId, out var known).ShouldBeTrue();
        known!.AgentVersion.ShouldBe("good");
        await StillIdentifiesAsync(server);
    }

    [Fact]
    public async Task A_peer_without_identify_says_so_and_stays_connected()
    {
        await using var server = await StartAsync(2);
        await using var client = await TestNode.StartAsync(1, _network, _runtime, listens: false);
        var connection = await client.ConnectAsync(server);
        await Should.ThrowAsync<UnsupportedProtocolException>(() => IdentifyAsync(server, client));
        connection.Completion.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_connection_that_ended_is_told_apart()
    {
        await using var server = await StartAsync(2);
        await using var client = await StartAsync(1, listens: false);
        var connection = await client.ConnectAsync(server);
        await connection.CloseAsync().Within();
        await connection.Completion.Within();
        await Should.ThrowAsync<ConnectionClosedException>(() => client.Swarm.Find<IIdentifyService>()!.IdentifyAsync(connection).AsTask().Within());
    }

    /// <summary>An answer may come, and somebody may ask, between the moment when the end is told and that when the connection is done with.</summary>
    [Fact]
    public async Task Nothing_is_kept_of_a_connection_that_is_asked_for_while_it_ends()
    {
        await using var server = await StartAsync(2);
        await using var client = await StartAsync(1, listens: false);
        var service = client.Swarm.Find<IIdentifyService>().ShouldBeOfType<IdentifyService>();
        var late = new AsksAtTheEnd(service);
        client.Swarm.Exports.Add<IConnectionObserver>(late);
        var connection = await client.ConnectAsync(server);
        await service.IdentifyAsync(connection).AsTask().Within();
        service.Kept.ShouldBe(1);
        connection.Abort(ConnectionErrorCode.None);
        await connection.Completion.Within();
        late.WasDone.ShouldBe(false, "the test is of no use where the connection is completed before its end is told");
        service.Kept.ShouldBe(0);
    }

    private sealed class AsksAtTheEnd(IdentifyService service) : IConnectionObserver
    {
        public bool? WasDone { get; private set; }

        public void OnConnected(IConnection connection)
        {
        }

        public void OnDisconnected(IConnection connection, ConnectionEnd end)
        {
            WasDone = connection.Completion.IsCompleted;
            _ = service.IdentifyAsync(connection).AsTask();
        }
    }

    [Fact]
    public async Task Not_asked_on_connect_where_the_option_says_so()
    {
        await using var server = await StartAsync(2, options: [("IdentifyOnConnect", "false")]);
        await using var client = await StartAsync(1, listens: false);
        using var learns = server.Listen<PeerIdentified>();
        using var clientLearns = client.Listen<PeerIdentified>();
        await client.ConnectAsync(server);
        await clientLearns.NextAsync();
        learns.Count.ShouldBe(0);
        (await IdentifyAsync(server, client)).PeerId.ShouldBe(client.PeerId);
    }

    private Task<TestNode> StartAsync(byte number, bool listens = true, params (string, string)[] options) =>
        TestNode.StartAsync(number, _network, _runtime, node => node.Add(new IdentifyPlugin(), options), listens);

    /// <summary>A node without the plugin, that answers identify with what the test says.</summary>
    private Task<TestNode> BareAsync(Message message) => BareAsync(stream => SendAsync(stream, message).AsTask());

    private Task<TestNode> BareAsync(Func<IStream, Task> answer) =>
        TestNode.StartAsync(1, _network, _runtime, node => node.Swarm.Handle(_id, (stream, _) => new ValueTask(answer(stream))), listens: false);

    private async Task StillIdentifiesAsync(TestNode server)
    {
        await using var honest = await StartAsync(9, listens: false);
        var connection = await honest.ConnectAsync(server);
        (await honest.Swarm.Find<IIdentifyService>()!.IdentifyAsync(connection).Within()).PeerId.ShouldBe(server.PeerId);
    }

    private static async Task IdentifiedBothWaysAsync(TestNode client, TestNode server)
    {
        var connection = await client.ConnectAsync(server);
        await client.Swarm.Find<IIdentifyService>()!.IdentifyAsync(connection).Within();
        await IdentifyAsync(server, client);
    }

    private static async Task<IdentifyInfo> IdentifyAsync(TestNode asker, TestNode other)
    {
        await Watchdog.Eventually(() => asker.Swarm.Connections.Any(one => one.RemotePeer == other.PeerId));
        var connection = asker.Swarm.Connections.First(one => one.RemotePeer == other.PeerId);
        return await asker.Swarm.Find<IIdentifyService>()!.IdentifyAsync(connection).Within();
    }

    private static async Task PushAsync(TestNode from, Message message, string agent)
    {
        message.AgentVersion = agent;
        await using var stream = await from.Swarm.Connections.Single().OpenStreamAsync([_push]).Within();
        await SendAsync(stream, message);
    }

    private static async ValueTask SendAsync(IStream stream, Message message)
    {
        message.WriteDelimitedTo(stream.Output);
        await stream.Output.FlushAsync();
        await stream.Output.CompleteAsync();
    }
}
