using System.Buffers;
using System.Text;
using Libp2p.Swarm.Connections;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Connections;

public class LazyNegotiationTests
{
    private const string Header = "\u0013/multistream/1.0.0\n";
    private static readonly OpenStreamOptions Lazy = new() { Negotiation = NegotiationMode.Lazy };

    [Fact]
    public async Task Header_proposal_data_and_end_leave_in_one_segment()
    {
        await using var ends = await RawListener.StartAsync();
        var stream = await ends.Connection.OpenStreamAsync(["/echo/1.0.0"], Lazy).Within();
        stream.Output.Write("hello"u8);
        await stream.Output.CompleteAsync();
        var raw = await ends.AcceptAsync();
        var first = await raw.Input.ReadAsync().Within();
        Encoding.UTF8.GetString(first.Buffer).ShouldBe(Header + "\u000c/echo/1.0.0\nhello");
        first.IsCompleted.ShouldBeTrue();
        raw.Input.AdvanceTo(first.Buffer.End);

        await raw.Output.WriteAsync(Encoding.UTF8.GetBytes(Header + "\u000c/echo/1.0.0\nanswer")).Within();
        await raw.Output.CompleteAsync();
        Encoding.UTF8.GetString(await stream.Input.ReadToEndAsync().Within()).ShouldBe("answer");
        await stream.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_is_sent_before_the_first_use_and_never_if_there_is_none()
    {
        await using var ends = await RawListener.StartAsync();
        var unused = await ends.Connection.OpenStreamAsync(["/echo/1.0.0"], Lazy).Within();
        var used = await ends.Connection.OpenStreamAsync(["/echo/1.0.0"], Lazy).Within();
        await used.Output.WriteAsync("x"u8.ToArray()).Within();
        (await ends.AcceptAsync()).Id.ShouldBe(used.Id);
        await unused.DisposeAsync();
        ends.Connection.Streams.ShouldBe([used]);
        await used.DisposeAsync();
    }

    [Fact]
    public async Task Read_first_sends_the_proposal()
    {
        await using var ends = await RawListener.StartAsync();
        await using var stream = await ends.Connection.OpenStreamAsync(["/echo/1.0.0"], Lazy).Within();
        var reading = stream.Input.ReadExactlyAsync(5);
        var raw = await ends.AcceptAsync();
        Encoding.UTF8.GetString(await raw.Input.ReadExactlyAsync(Header.Length + 13).Within()).ShouldBe(Header + "\u000c/echo/1.0.0\n");

        // In pieces: the answer is taken off wherever it is cut.
        foreach (var letter in Header + "\u000c/echo/1.0.0\nhello")
        {
            await raw.Output.WriteAsync(new[] { (byte)letter }).Within();
        }

        Encoding.UTF8.GetString(await reading.Within()).ShouldBe("hello");

        // From now on the muxer's own pipe is used: nothing stands between.
        stream.Input.ShouldNotBeOfType<LazyInput>();
        stream.Output.ShouldNotBeOfType<LazyOutput>();
        await stream.Output.WriteAsync("more"u8.ToArray()).Within();
        Encoding.UTF8.GetString(await raw.Input.ReadExactlyAsync(4).Within()).ShouldBe("more");
    }

    [Fact]
    public async Task Refusal_surfaces_on_the_first_read_and_every_other()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2);
        var connection = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        dialer.Peers.Update(new IdentifyInfo { PeerId = listener.PeerId, Protocols = ["/gone/1", QuicNodes.Echo] });
        var stream = await connection.OpenStreamAsync(["/gone/1"], Lazy).Within();
        await stream.Output.WriteAsync(new byte[100]).Within();
        var refusal = await Should.ThrowAsync<UnsupportedProtocolException>(stream.Input.ReadAsync().AsTask().Within());
        refusal.Offered.ShouldBe(["/gone/1"]);
        await Should.ThrowAsync<UnsupportedProtocolException>(stream.Input.ReadAsync().AsTask());
        await stream.DisposeAsync();

        // What was believed of the peer has been unlearnt.
        dialer.Peers.TryGet(listener.PeerId, out var info).ShouldBeTrue();
        info!.Protocols.ShouldBe([QuicNodes.Echo]);
        await ConnectionTests.EchoAsync(connection);
    }

    [Fact]
    public async Task Auto_is_lazy_where_the_peer_is_known_to_speak_it_and_eager_elsewhere()
    {
        await using var ends = await RawListener.StartAsync();
        ends.Dialer.Peers.Update(new IdentifyInfo { PeerId = ends.Connection.RemotePeer, Protocols = ["/known/1"] });
        var lazy = await ends.Connection.OpenStreamAsync(["/unknown/1", "/known/1"]).Within();
        lazy.Protocol.Value.ShouldBe("/known/1");
        var eager = ends.Connection.OpenStreamAsync(["/unknown/1"]).AsTask();
        var raw = await ends.AcceptAsync();
        await raw.Output.WriteAsync(Encoding.UTF8.GetBytes(Header + "\u000b/unknown/1\n")).Within();
        (await eager.Within()).Protocol.Value.ShouldBe("/unknown/1");
        await lazy.DisposeAsync();
        await (await eager).DisposeAsync();
    }

    [Fact]
    public async Task Whole_lazy_exchange_with_the_real_listener()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        var dialer = await nodes.StartAsync(2);
        var connection = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => ConnectionTests.EchoAsync(connection, QuicNodes.Echo, Lazy))).Within();
        await Watchdog.Eventually(() => connection.Streams.Count == 0 && listener.Connections.Single().Streams.Count == 0);
    }

    [Fact]
    public async Task Row06_answer_that_never_comes_fails_the_read_at_the_deadline()
    {
        await using var ends = await RawListener.StartAsync(fakeClock: true);
        var stream = await ends.Connection.OpenStreamAsync(["/echo/1.0.0"], Lazy).Within();
        var reading = stream.Input.ReadAsync().AsTask();
        var raw = await ends.AcceptAsync();

        // Dripping the answer does not help: the deadline is absolute.
        await raw.Output.WriteAsync(Encoding.UTF8.GetBytes(Header)).Within();
        var took = await ends.Nodes.Runtime.DriveAsync(reading, TimeSpan.FromSeconds(20));
        (await Should.ThrowAsync<NegotiationException>(reading)).Message.ShouldContain("10 s");
        took.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(10.5));
        await Should.ThrowAsync<StreamResetException>(raw.Input.ReadToEndAsync().Within());
        await stream.DisposeAsync();
    }

    [Fact]
    public async Task Cancelled_read_before_the_answer_can_be_repeated()
    {
        await using var ends = await RawListener.StartAsync();
        await using var stream = await ends.Connection.OpenStreamAsync(["/echo/1.0.0"], Lazy).Within();
        var input = stream.Input;
        var reading = input.ReadAsync().AsTask();
        var raw = await ends.AcceptAsync();
        input.CancelPendingRead();
        var cancelled = await reading.Within();
        cancelled.IsCanceled.ShouldBeTrue();
        input.AdvanceTo(cancelled.Buffer.Start);
        using var cancel = new CancellationTokenSource();
        var again = input.ReadAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(again.Within());
        await raw.Output.WriteAsync(Encoding.UTF8.GetBytes(Header + "\u000c/echo/1.0.0\nhello")).Within();
        Encoding.UTF8.GetString(await input.ReadExactlyAsync(5).Within()).ShouldBe("hello");
    }

    [Fact]
    public async Task Remote_that_ends_before_its_answer_is_an_error_and_not_an_end()
    {
        await using var ends = await RawListener.StartAsync();
        var stream = await ends.Connection.OpenStreamAsync(["/echo/1.0.0"], Lazy).Within();
        var reading = stream.Input.ReadAsync().AsTask();
        var raw = await ends.AcceptAsync();
        await raw.Output.CompleteAsync();
        await Should.ThrowAsync<NegotiationException>(reading.Within());
        await stream.DisposeAsync();
    }

    [Fact]
    public async Task Connection_that_ends_during_an_eager_negotiation_says_so()
    {
        await using var ends = await RawListener.StartAsync();
        var opening = ends.Connection.OpenStreamAsync(["/echo/1.0.0"], new OpenStreamOptions { Negotiation = NegotiationMode.Eager }).AsTask();
        await ends.AcceptAsync();
        ends.Abort();

        // Whichever is seen first: the stream's end or the connection's.
        var failure = await Should.ThrowAsync<Libp2pException>(opening.Within());
        (failure is ConnectionClosedException or StreamResetException).ShouldBeTrue(failure.GetType().Name);
        (await ends.Connection.Completion.Within()).ByRemote.ShouldBeTrue();
        await Should.ThrowAsync<ConnectionClosedException>(ends.Connection.OpenStreamAsync(["/echo/1.0.0"]).AsTask());
    }

    [Fact]
    public async Task Cancelled_eager_negotiation_resets_its_stream()
    {
        await using var ends = await RawListener.StartAsync();
        using var cancel = new CancellationTokenSource();
        var opening = ends.Connection.OpenStreamAsync(["/echo/1.0.0"], new OpenStreamOptions { Negotiation = NegotiationMode.Eager }, cancel.Token).AsTask();
        var raw = await ends.AcceptAsync();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(opening.Within());
        (await Should.ThrowAsync<StreamResetException>(raw.Input.DrainAsync().Within())).Code.ShouldBe(StreamErrorCode.ProtocolNegotiationFailed);
        ends.Connection.Streams.ShouldBeEmpty();
    }

    [Fact]
    public async Task Row06_eager_negotiation_ends_at_the_deadline()
    {
        await using var ends = await RawListener.StartAsync(fakeClock: true);
        var opening = ends.Connection.OpenStreamAsync(["/echo/1.0.0"], new OpenStreamOptions { Negotiation = NegotiationMode.Eager }).AsTask();
        await ends.AcceptAsync();
        var took = await ends.Nodes.Runtime.DriveAsync(opening, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1));
        (await Should.ThrowAsync<NegotiationException>(opening)).Message.ShouldContain("10 s");
        took.ShouldBeInRange(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(11));
    }

    /// <summary>A dialing node and, at the other end, the bare muxed streams.</summary>
    private sealed class RawListener : IAsyncDisposable
    {
        private readonly ISecureConnection _raw;

        private RawListener(QuicNodes nodes, SwarmNode dialer, IConnection connection, ISecureConnection raw)
        {
            Nodes = nodes;
            Dialer = dialer;
            Connection = connection;
            _raw = raw;
        }

        public QuicNodes Nodes { get; }

        public SwarmNode Dialer { get; }

        public IConnection Connection { get; }

        public static async Task<RawListener> StartAsync(bool fakeClock = false)
        {
            var nodes = new QuicNodes(fakeClock);
            var dialer = nodes.Make(1);
            await dialer.StartAsync();
            var (connection, raw) = await nodes.ConnectRawAsync(dialer);
            return new RawListener(nodes, dialer, connection, raw);
        }

        public void Abort() => _raw.Abort(ConnectionErrorCode.None);

        public async Task<IMuxedStream> AcceptAsync() => (await _raw.AcceptStreamAsync().Within()).ShouldNotBeNull();

        public async ValueTask DisposeAsync()
        {
            await _raw.DisposeAsync();
            await Nodes.DisposeAsync();
        }
    }
}
