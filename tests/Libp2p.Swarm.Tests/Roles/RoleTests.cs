using System.Collections.Immutable;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Roles;

public class RoleTests
{
    [Fact]
    public async Task Protocol_taken_twice_names_both()
    {
        await using var nodes = new QuicNodes();
        var node = nodes.Make(1);
        node.Exports.Add<IProtocolHandler>(new Handler("/a/1", "/b/1"));
        var refusal = Should.Throw<InvalidOperationException>(() => node.Handle("/b/1", static (_, _) => default));
        refusal.Message.ShouldContain("/b/1");
        refusal.Message.ShouldContain(typeof(Handler).FullName!);
        refusal.Message.ShouldContain("delegate");
        node.Exports.Add<IStreamMuxer>(new Muxer());
        Should.Throw<InvalidOperationException>(() => node.Exports.Add<IStreamMuxer>(new Muxer())).Message.ShouldContain("/mux/1");
        node.Protocols.ShouldBe(["/a/1", "/b/1"]);
    }

    [Fact]
    public async Task Handlers_come_and_go_while_connected()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        await using var events = listener.Events(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        var dialer = await nodes.StartAsync(2);
        var connection = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        await Should.ThrowAsync<UnsupportedProtocolException>(connection.OpenStreamAsync(["/late/1"]).AsTask().Within());
        var lease = listener.Handle("/late/1", static async (stream, token) => await stream.EchoAsync(token));
        await Swarm.Tests.Connections.ConnectionTests.EchoAsync(connection, "/late/1");
        await lease.DisposeAsync().Within();
        await Should.ThrowAsync<UnsupportedProtocolException>(connection.OpenStreamAsync(["/late/1"]).AsTask().Within());
        var changes = new List<ImmutableArray<ProtocolId>>();
        while (changes.Count < 2 && await events.MoveNextAsync().Within())
        {
            if (events.Current is ProtocolsChanged changed) changes.Add(changed.Protocols);
        }

        changes[0].ShouldBe([QuicNodes.Echo, "/late/1"]);
        changes[1].ShouldBe([QuicNodes.Echo]);
    }

    [Fact]
    public async Task Removed_handler_may_finish_its_streams()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1, static options => options.DrainTimeout = TimeSpan.FromMinutes(1));
        var lease = listener.Handle("/job/1", static async (stream, token) => await stream.EchoAsync(token));
        var dialer = await nodes.StartAsync(2);
        var connection = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        var stream = await connection.OpenStreamAsync(["/job/1"]).Within();
        await stream.Output.WriteAsync("one"u8.ToArray()).Within();
        (await stream.Input.ReadExactlyAsync(3).Within()).ShouldBe("one"u8.ToArray());
        var removal = lease.DisposeAsync().AsTask();
        await Should.ThrowAsync<UnsupportedProtocolException>(connection.OpenStreamAsync(["/job/1"]).AsTask().Within());
        await stream.Output.WriteAsync("two"u8.ToArray()).Within();
        (await stream.Input.ReadExactlyAsync(3).Within()).ShouldBe("two"u8.ToArray());
        removal.IsCompleted.ShouldBeFalse();
        await stream.DisposeAsync();
        await removal.Within();

        // Its id is free again.
        listener.Handle("/job/1", static (_, _) => default);
    }

    [Fact]
    public async Task Removed_handler_that_does_not_finish_is_reset()
    {
        await using var nodes = new QuicNodes(fakeClock: true);
        var listener = await nodes.StartAsync(1, static options => options.DrainTimeout = TimeSpan.FromSeconds(2));
        var lease = listener.Handle("/job/1", static async (_, token) => await Task.Delay(Timeout.Infinite, token));
        var dialer = await nodes.StartAsync(2);
        var connection = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        var stream = await connection.OpenStreamAsync(["/job/1"]).Within();
        await Watchdog.Eventually(() => listener.Context.Handlers.Uses == 1);
        var took = await nodes.Runtime.DriveAsync(lease.DisposeAsync().AsTask(), TimeSpan.FromSeconds(10));
        took.ShouldBeInRange(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.5));
        await Should.ThrowAsync<StreamResetException>(stream.Input.DrainAsync().Within());
        await stream.DisposeAsync();
        connection.Completion.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Removed_transport_unbinds_and_closes_its_connections_and_may_return()
    {
        await using var nodes = new QuicNodes();
        var listener = nodes.MakeBare(1);
        var lease = nodes.AddTransport(listener);
        await listener.StartAsync().Within();
        listener.Handle(QuicNodes.Echo, static async (stream, token) => await stream.EchoAsync(token));
        listener.ListenAddresses.Length.ShouldBe(1);
        var dialer = await nodes.StartAsync(2);
        var connection = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        await Watchdog.Eventually(() => listener.Connections.Count == 1);
        await lease.DisposeAsync().Within();
        listener.ListenAddresses.ShouldBeEmpty();
        listener.Connections.ShouldBeEmpty();
        await connection.Completion.Within();
        nodes.AddTransport(listener);
        await Watchdog.Eventually(() => listener.ListenAddresses.Length == 1);
        await Swarm.Tests.Connections.ConnectionTests.EchoAsync(await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within());
    }

    [Fact]
    public async Task Finds_roles_as_what_they_were_added()
    {
        await using var nodes = new QuicNodes();
        var node = nodes.Make(1);
        node.Find<IPingService>().ShouldBeNull();
        var both = new Both();
        await using var handler = node.Exports.Add<IProtocolHandler>(both);
        node.Find<IPingService>().ShouldBeNull();
        var service = node.Exports.Add<IPingService>(both);
        node.Find<IPingService>().ShouldBe(both);
        await service.DisposeAsync();
        await service.DisposeAsync();
        node.Find<IPingService>().ShouldBeNull();
        node.Find<IProtocolHandler>().ShouldBe(both);
    }

    [Fact]
    public async Task Finds_all_roles_of_a_type_in_the_order_of_their_export()
    {
        await using var nodes = new QuicNodes();
        var node = nodes.Make(1);
        node.FindAll<IPingService>().ShouldBeEmpty();
        var (first, second) = (new Both(), new Both());
        var lease = node.Exports.Add<IPingService>(first);
        await using var later = node.Exports.Add<IPingService>(second);
        node.FindAll<IPingService>().ShouldBe([first, second]);
        await lease.DisposeAsync();
        node.FindAll<IPingService>().ShouldBe([second]);
    }

    [Fact]
    public async Task Concrete_type_exports_every_role_it_has()
    {
        await using var nodes = new QuicNodes();
        var node = nodes.Make(1);
        await using var lease = node.Exports.Add(new Both());
        node.Find<IPingService>().ShouldNotBeNull();
        node.Protocols.ShouldBe(["/both/1"]);
    }

    private sealed class Handler(params ProtocolId[] protocols) : IProtocolHandler
    {
        public ImmutableArray<ProtocolId> Protocols { get; } = [.. protocols];

        public ValueTask HandleAsync(IStream stream, CancellationToken cancellationToken) => default;
    }

    private sealed class Both : IProtocolHandler, IPingService
    {
        public ImmutableArray<ProtocolId> Protocols { get; } = ["/both/1"];

        public ValueTask HandleAsync(IStream stream, CancellationToken cancellationToken) => default;

        public IAsyncEnumerable<TimeSpan> PingAsync(IConnection connection, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }

    private sealed class Muxer : IStreamMuxer
    {
        public ProtocolId Protocol { get; } = "/mux/1";

        public ValueTask<IMuxedConnection> MultiplexAsync(IByteConnection secured, UpgradeContext context, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
