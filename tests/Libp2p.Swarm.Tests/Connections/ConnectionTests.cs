using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Connections;

public class ConnectionTests
{
    [Fact]
    public async Task Connects_and_echoes_both_ways()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2);
        var connection = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        connection.RemotePeer.ShouldBe(listener.PeerId);
        connection.Direction.ShouldBe(ConnectionDirection.Outbound);
        await EchoAsync(connection);
        await Watchdog.Eventually(() => listener.Connections.Count == 1);
        var back = listener.Connections.Single();
        back.RemotePeer.ShouldBe(dialer.PeerId);
        back.Direction.ShouldBe(ConnectionDirection.Inbound);
        await EchoAsync(back);
        (await listener.ConnectAsync(dialer.PeerId).Within()).ShouldBe(back);
    }

    [Fact]
    public async Task Unknown_protocol_is_refused_and_the_connection_lives()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2);
        var connection = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        var refusal = await Should.ThrowAsync<UnsupportedProtocolException>(connection.OpenStreamAsync(["/nope/1", "/nope/2"]).AsTask().Within());
        refusal.Offered.ShouldBe(["/nope/1", "/nope/2"]);
        await Watchdog.Eventually(() => connection.Streams.Count == 0 && listener.Connections.Single().Streams.Count == 0);
        await EchoAsync(connection);
    }

    [Fact]
    public async Task Second_choice_is_taken()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2);
        await using var stream = await dialer.OpenStreamAsync((await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within()).RemotePeer, ["/nope/1", QuicNodes.Echo]).Within();
        stream.Protocol.ShouldBe(QuicNodes.Echo);
    }

    [Fact]
    public async Task Handler_that_throws_resets_its_stream_and_nothing_else()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);

        // Once it was spoken to: a reset right behind the answer may overtake it, and the opening then fails instead.
        listener.Handle("/broken/1", static (stream, _) => ThrowAsync(stream, new InvalidOperationException("a bug")));
        listener.Handle("/strict/1", static (stream, _) => ThrowAsync(stream, new ProtocolException("not like this")));
        var dialer = await nodes.StartAsync(2);
        var connection = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        var broken = await connection.OpenStreamAsync(["/broken/1"]).Within();
        await broken.Output.WriteAsync(new byte[1]).Within();
        (await Should.ThrowAsync<StreamResetException>(broken.Input.ReadToEndAsync().Within())).Code.ShouldBe(StreamErrorCode.None);
        var strict = await connection.OpenStreamAsync(["/strict/1"]).Within();
        await strict.Output.WriteAsync(new byte[1]).Within();
        var reset = await Should.ThrowAsync<StreamResetException>(strict.Input.ReadToEndAsync().Within());
        reset.ByRemote.ShouldBeTrue();
        reset.Code.ShouldBe(StreamErrorCode.ProtocolViolation);
        await broken.DisposeAsync();
        await strict.DisposeAsync();
        await EchoAsync(connection);
        await Watchdog.Eventually(() => connection.Streams.Count == 0);

        static async ValueTask ThrowAsync(IStream stream, Exception why)
        {
            await stream.Input.ReadAsync();
            throw why;
        }
    }

    [Fact]
    public async Task Stream_stays_listed_while_half_closed_and_leaves_when_closed()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2);
        var connection = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        var stream = await connection.OpenStreamAsync([QuicNodes.Echo]).Within();
        await stream.Output.CompleteAsync();
        connection.Streams.ShouldBe([stream]);
        (await stream.Input.ReadToEndAsync().Within()).ShouldBeEmpty();
        await stream.DisposeAsync();
        connection.Streams.ShouldBeEmpty();
        await Watchdog.Eventually(() => listener.Connections.Single().Streams.Count == 0);
    }

    [Fact]
    public async Task Many_streams_at_once()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2);
        var connection = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        await Task.WhenAll(Enumerable.Range(0, 128).Select(_ => EchoAsync(connection))).Within();
        await Watchdog.Eventually(() => connection.Streams.Count == 0);
    }

    [Fact]
    public async Task Streams_over_the_limit_are_refused_with_the_option_to_raise()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2, static options => options.Resources.MaxStreamsPerConnection = 2);
        var connection = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        await using var first = await connection.OpenStreamAsync([QuicNodes.Echo]).Within();
        await using var second = await connection.OpenStreamAsync([QuicNodes.Echo]).Within();
        var refusal = await Should.ThrowAsync<ResourceLimitException>(connection.OpenStreamAsync([QuicNodes.Echo]).AsTask());
        refusal.Denial.Option.ShouldBe("Resources:MaxStreamsPerConnection");
        refusal.Message.ShouldContain("streams");
        await Watchdog.Eventually(() => listener.Connections.Count == 1);
        var back = listener.Connections.Single();
        (await Should.ThrowAsync<Libp2pException>(back.OpenStreamAsync([QuicNodes.Echo]).AsTask().Within())).ShouldNotBeOfType<NegotiationException>();
        await first.DisposeAsync();
        await EchoAsync(connection);
    }

    [Fact]
    public async Task Close_ends_both_sides_and_their_streams()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2);
        var connection = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        var stream = await connection.OpenStreamAsync([QuicNodes.Echo]).Within();
        await Watchdog.Eventually(() => listener.Connections.Count == 1);
        var back = listener.Connections.Single();
        await connection.CloseAsync().Within();
        dialer.Connections.ShouldBeEmpty();
        (await connection.Completion).ByRemote.ShouldBeFalse();
        (await back.Completion.Within()).ByRemote.ShouldBeTrue();
        listener.Connections.ShouldBeEmpty();
        await Should.ThrowAsync<ConnectionClosedException>(connection.OpenStreamAsync([QuicNodes.Echo]).AsTask());
        await Should.ThrowAsync<StreamResetException>(stream.Input.ReadToEndAsync().Within());
        await stream.DisposeAsync();
    }

    [Fact]
    public async Task Abort_carries_its_code()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2);
        var connection = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        await Watchdog.Eventually(() => listener.Connections.Count == 1);
        var back = listener.Connections.Single();
        connection.Abort(new ConnectionErrorCode(42));
        (await back.Completion.Within()).Code.Value.ShouldBe(42u);
    }

    [Fact]
    public async Task Observer_hears_before_subscribers_and_events_come_in_order()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = nodes.Make(2);
        var seen = new List<string>();
        dialer.Exports.Add<IConnectionObserver>(new Recorder(seen));
        await dialer.StartAsync();
        await using var events = dialer.Events(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        var connection = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        seen.ShouldBe(["connected"]);
        await connection.CloseAsync().Within();
        seen.ShouldBe(["connected", "disconnected"]);
        (await events.MoveNextAsync().Within()).ShouldBeTrue();
        events.Current.ShouldBe(new ConnectionOpened(connection));
        (await events.MoveNextAsync().Within()).ShouldBeTrue();
        var dialed = events.Current.ShouldBeOfType<DialEnded>();
        dialed.Connection.ShouldBe(connection);
        dialed.Report.Attempts.Single().Outcome.ShouldBe(DialOutcome.Connected);
        (await events.MoveNextAsync().Within()).ShouldBeTrue();
        events.Current.ShouldBeOfType<ConnectionClosed>().Connection.ShouldBe(connection);
    }

    [Fact]
    public async Task Observer_that_throws_harms_nobody()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = nodes.Make(2);
        dialer.Exports.Add<IConnectionObserver>(new Thrower());
        await dialer.StartAsync();
        await EchoAsync(await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within());
    }

    [Fact]
    public async Task Inbound_connections_over_the_limit_are_refused_and_told()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1, static options => options.Resources.MaxConnections = 1);
        await using var events = listener.Events(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        var first = await nodes.StartAsync(2);
        var second = await nodes.StartAsync(3);
        var connection = await first.ConnectAsync(QuicNodes.AddressOf(listener)).Within();

        // The dialer is done first: the listener may not have told yet.
        (await events.MoveNextAsync().Within()).ShouldBeTrue();
        events.Current.ShouldBeOfType<ConnectionOpened>();
        await Should.ThrowAsync<DialException>(second.ConnectAsync(QuicNodes.AddressOf(listener)).AsTask().Within());
        (await events.MoveNextAsync().Within()).ShouldBeTrue();
        events.Current.ShouldBeOfType<IncomingFailed>().Cause.ShouldBeOfType<ResourceLimitException>().Denial.Option.ShouldBe("Resources:MaxConnections");
        await connection.CloseAsync().Within();
        await Watchdog.Eventually(() => listener.Context.Governor.Connections == 0);
        await EchoAsync(await second.ConnectAsync(QuicNodes.AddressOf(listener)).Within());
    }

    [Fact]
    public async Task Several_connections_with_one_peer_up_to_the_limit()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1, static options => options.Resources.MaxConnectionsPerPeer = 3);
        var dialer = await nodes.StartAsync(2);
        var again = new ConnectOptions { ForceNew = true };
        var first = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        var second = await dialer.ConnectAsync(QuicNodes.AddressOf(listener), again).Within();
        var third = await dialer.ConnectAsync(listener.PeerId, again).Within();
        new[] { first, second, third }.Distinct().Count().ShouldBe(3);
        dialer.Connections.Count.ShouldBe(3);

        // Best: more streams first, else the newest.
        (await dialer.ConnectAsync(listener.PeerId).Within()).ShouldBe(third);
        await using var stream = await first.OpenStreamAsync([QuicNodes.Echo]).Within();
        (await dialer.ConnectAsync(listener.PeerId).Within()).ShouldBe(first);

        var fourth = await dialer.ConnectAsync(listener.PeerId, again).Within();
        await fourth.Completion.Within();
        await Watchdog.Eventually(() => listener.Connections.Count == 3);
    }

    internal static async Task EchoAsync(IConnection connection, ProtocolId? protocol = null, OpenStreamOptions? options = null)
    {
        var stream = await connection.OpenStreamAsync([protocol ?? QuicNodes.Echo], options).Within();
        await EchoAsync(stream);
    }

    internal static async Task EchoAsync(IStream stream, int length = 10_000)
    {
        await using (stream)
        {
            var bytes = DuplexBytes.Pattern(length, (int)stream.Id + 1);
            var answer = stream.Input.ReadToEndAsync();
            await stream.Output.WriteToEndAsync(bytes).Within();
            (await answer.Within()).ShouldBe(bytes);
        }
    }

    private sealed class Recorder(List<string> seen) : IConnectionObserver
    {
        public void OnConnected(IConnection connection) => seen.Add("connected");

        public void OnDisconnected(IConnection connection, ConnectionEnd end) => seen.Add("disconnected");
    }

    private sealed class Thrower : IConnectionObserver
    {
        public void OnConnected(IConnection connection) => throw new InvalidOperationException();

        public void OnDisconnected(IConnection connection, ConnectionEnd end) => throw new InvalidOperationException();
    }
}
