using Libp2p.Multiformats;
using Libp2p.TestKit;
using Microsoft.Extensions.Logging;

namespace Libp2p.Swarm.Tests;

public class LifecycleTests
{
    [Fact]
    public async Task Stop_unbinds_waits_for_handlers_then_closes()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1, static options => options.DrainTimeout = TimeSpan.FromMinutes(1));
        var finish = new TaskCompletionSource();
        listener.Handle("/slow/1", async (stream, _) =>
        {
            await finish.Task;
            await stream.Output.WriteAsync("done"u8.ToArray(), CancellationToken.None);
        });
        var dialer = await nodes.StartAsync(2);
        var address = QuicNodes.AddressOf(listener);
        var connection = await dialer.ConnectAsync(address).Within();
        var stream = await connection.OpenStreamAsync(["/slow/1"]).Within();
        await Watchdog.Eventually(() => listener.Context.Handlers.Uses == 1);

        var stop = listener.StopAsync().AsTask();
        await Watchdog.Eventually(() => listener.ListenAddresses.IsEmpty);
        await Should.ThrowAsync<DialException>(dialer.ConnectAsync(address, new ConnectOptions { ForceNew = true }).AsTask().Within());
        stop.IsCompleted.ShouldBeFalse();
        connection.Completion.IsCompleted.ShouldBeFalse();

        finish.SetResult();
        (await stream.Input.ReadExactlyAsync(4).Within()).ShouldBe("done"u8.ToArray());
        await stop.Within();
        (await connection.Completion.Within()).ByRemote.ShouldBeTrue();
        await stream.DisposeAsync();
        await Should.ThrowAsync<ObjectDisposedException>(listener.ConnectAsync(dialer.PeerId).AsTask());
        await listener.StopAsync();
    }

    [Fact]
    public async Task Stop_has_four_named_stages_and_each_begins_when_the_one_before_is_done()
    {
        await using var nodes = new QuicNodes(fakeClock: true);
        var stages = new List<string>();
        SwarmNode? node = null;
        node = nodes.Make(1, loggers: new StageLoggers(stage => stages.Add($"{stage} {(node!.ListenAddresses.IsEmpty ? "" : "listening ")}{node.Context.Handlers.Uses} {node.Connections.Count}")));
        var finish = new TaskCompletionSource();
        node.Handle("/slow/1", (_, _) => new ValueTask(finish.Task));
        await node.StartAsync();
        var dialer = await nodes.StartAsync(2);
        var connection = await dialer.ConnectAsync(QuicNodes.AddressOf(node)).Within();
        await using var stream = await connection.OpenStreamAsync(["/slow/1"]).Within();
        await Watchdog.Eventually(() => node.Context.Handlers.Uses == 1);
        var stop = node.StopAsync().AsTask();
        await Watchdog.Eventually(() => stages.Count == 2);
        finish.SetResult();
        await stop.Within();
        stages.ShouldBe(["unbind listening 1 1", "drain 1 1", "abort 0 1", "dispose 0 0"]);
    }

    [Fact]
    public async Task Handler_that_does_not_end_is_cut_off_after_the_drain()
    {
        await using var nodes = new QuicNodes(fakeClock: true);
        var listener = await nodes.StartAsync(1, static options => options.DrainTimeout = TimeSpan.FromSeconds(3));
        var cancelled = new TaskCompletionSource();
        listener.Handle("/endless/1", async (_, token) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                cancelled.SetResult();
            }
        });
        var dialer = await nodes.StartAsync(2);
        var connection = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        await using var stream = await connection.OpenStreamAsync(["/endless/1"]).Within();
        await Watchdog.Eventually(() => listener.Context.Handlers.Uses == 1);
        var took = await nodes.Runtime.DriveAsync(listener.StopAsync().AsTask(), TimeSpan.FromSeconds(10));
        took.ShouldBeInRange(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3.5));
        await cancelled.Task.Within();
        await Watchdog.Eventually(() => listener.Context.Handlers.Uses == 0);
    }

    [Fact]
    public async Task Cancelled_stop_skips_the_drain()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1, static options => options.DrainTimeout = TimeSpan.FromHours(1));
        listener.Handle("/endless/1", static async (_, token) => await Task.Delay(Timeout.Infinite, token));
        var dialer = await nodes.StartAsync(2);
        var connection = await dialer.ConnectAsync(QuicNodes.AddressOf(listener)).Within();
        await using var stream = await connection.OpenStreamAsync(["/endless/1"]).Within();
        using var impatient = new CancellationTokenSource();
        var stop = listener.StopAsync(impatient.Token).AsTask();
        await impatient.CancelAsync();
        await stop.Within();
        await connection.Completion.Within();
    }

    [Fact]
    public async Task Stop_fails_dials_that_run()
    {
        await using var nodes = new QuicNodes();
        var node = await nodes.StartAsync(1);
        var stuck = new Dialing.StuckTransport();
        node.Exports.Add<ITransport>(stuck);
        var dial = node.ConnectAsync(Dialing.StuckTransport.Address(1)).AsTask();
        await Watchdog.Eventually(() => stuck.Dials.Count == 1);
        await node.StopAsync().Within();
        await Should.ThrowAsync<ConnectionClosedException>(dial.Within());
        stuck.Dials[0].IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task Start_fails_when_nothing_can_be_bound_and_may_be_repeated()
    {
        await using var nodes = new QuicNodes();
        var node = nodes.Make(1, static options => options.ListenAddresses = [Multiaddr.Parse("/ip4/127.0.0.1/tcp/0")]);
        var failure = await Should.ThrowAsync<TransportException>(node.StartAsync().AsTask());
        failure.Message.ShouldContain("Libp2p.Transports.Tcp");
        await Should.ThrowAsync<TransportException>(node.StartAsync().AsTask());
    }

    [Fact]
    public async Task One_bad_listen_address_is_tolerated_unless_all_are_required()
    {
        await using var nodes = new QuicNodes();
        var both = new[] { Multiaddr.Parse("/ip4/127.0.0.1/tcp/0"), QuicNodes.AnyAddress };
        var tolerant = nodes.Make(1, options => options.ListenAddresses = [.. both]);
        await tolerant.StartAsync();
        tolerant.ListenAddresses.Length.ShouldBe(1);
        var strict = nodes.Make(2, options =>
        {
            options.ListenAddresses = [.. both.Reverse()];
            options.RequireAllListenAddresses = true;
        });
        await Should.ThrowAsync<TransportException>(strict.StartAsync().AsTask());
        strict.ListenAddresses.ShouldBeEmpty();
    }

    [Fact]
    public async Task Starting_twice_and_after_the_end_is_an_error()
    {
        await using var nodes = new QuicNodes();
        var node = await nodes.StartAsync(1);
        await Should.ThrowAsync<InvalidOperationException>(node.StartAsync().AsTask());
        await node.DisposeAsync();
        await Should.ThrowAsync<ObjectDisposedException>(node.StartAsync().AsTask());
    }

    [Fact]
    public async Task Events_end_with_the_node_and_drops_are_counted()
    {
        await using var nodes = new QuicNodes();
        var node = nodes.Make(1, static options => options.EventQueueCapacity = 2);
        var events = node.Events(TestContext.Current.CancellationToken);
        for (var i = 0; i < 5; i++) node.Publish(new Tick(i));
        await using var reader = events.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        (await reader.MoveNextAsync().Within()).ShouldBeTrue();
        reader.Current.ShouldBe(new Tick(0));
        node.Publish(new Tick(5));
        var rest = new List<NodeEvent>();
        await node.DisposeAsync();
        while (await reader.MoveNextAsync().Within()) rest.Add(reader.Current);
        rest.ShouldBe([new Tick(1), new EventsDropped(3), new Tick(5)]);
    }

    [Fact]
    public async Task Loss_is_told_though_nothing_follows_it()
    {
        await using var nodes = new QuicNodes();
        var node = nodes.Make(1, static options => options.EventQueueCapacity = 1);
        await using var reader = node.Events(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        for (var i = 0; i < 4; i++) node.Publish(new Tick(i));
        (await reader.MoveNextAsync().Within()).ShouldBeTrue();
        reader.Current.ShouldBe(new Tick(0));
        (await reader.MoveNextAsync().Within()).ShouldBeTrue();
        reader.Current.ShouldBe(new EventsDropped(3));
    }

    [Fact]
    public void Options_out_of_range_say_what_to_set()
    {
        var options = new SwarmOptions { Dialing = { MaxDials = 0 }, UpgradeTimeout = TimeSpan.Zero, EventQueueCapacity = -1 };
        options.Resources.MaxConnections = 0;
        var problems = options.Validate();
        problems.ShouldContain(static problem => problem.StartsWith("Dialing:MaxDials is 0: set it between 1 and"));
        problems.ShouldContain(static problem => problem.StartsWith("UpgradeTimeout is 00:00:00"));
        problems.ShouldContain(static problem => problem.StartsWith("Resources:MaxConnections is 0"));
        problems.ShouldContain(static problem => problem.Contains("MaxDialsPerPeer (8) is above MaxDials (0)"));
        Should.Throw<ArgumentException>(() => new SwarmNode(TestIdentity.Get(1), options, TestRuntime.System().Node)).Message.ShouldContain("EventQueueCapacity");
        new SwarmOptions().Validate().ShouldBeEmpty();
    }

    /// <summary>Tells of the stages of a stop.</summary>
    private sealed class StageLoggers(Action<string> tell) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (state is IEnumerable<KeyValuePair<string, object?>> values && values.FirstOrDefault(static value => value.Key == "Stage").Value is string stage) tell(stage);
        }

        public void Dispose()
        {
        }
    }

    private sealed record Tick(int Number) : NodeEvent;
}
