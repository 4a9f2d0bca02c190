using System.Buffers;
using Libp2p.Protocols.Ping;
using Libp2p.Protocols.Tests.Support;
using Libp2p.TestKit;
using Libp2p.TestKit.Probes;

namespace Libp2p.Protocols.Tests.Ping;

public sealed class PingTests
{
    private static readonly ProtocolId _ping = new("/ipfs/ping/1.0.0");
    private readonly FakeQuicNetwork _network = new();
    private readonly TestRuntime _runtime = TestRuntime.Fake();

    [Fact]
    public async Task Round_trips_are_measured_over_one_stream_which_is_closed_afterwards()
    {
        await using var server = await ServerAsync();
        await using var client = await ClientAsync();
        var connection = await client.ConnectAsync(server);
        var count = 0;
        await foreach (var took in client.Swarm.Find<IPingService>()!.PingAsync(connection))
        {
            took.ShouldBe(TimeSpan.Zero); // the clock stands still
            connection.Streams.Count(static stream => stream.Protocol == _ping).ShouldBe(1);
            if (++count == 5)
            {
                break;
            }
        }

        await Watchdog.Eventually(() => connection.Streams.Count == 0 && server.Swarm.Connections.Single().Streams.Count == 0);
    }

    [Fact]
    public async Task Several_who_ping_one_connection_share_a_stream()
    {
        await using var server = await ServerAsync();
        await using var client = await ClientAsync();
        var connection = await client.ConnectAsync(server);
        var service = client.Swarm.Find<IPingService>()!;
        await using var first = service.PingAsync(connection).GetAsyncEnumerator();
        await using var second = service.PingAsync(connection).GetAsyncEnumerator();
        for (var i = 0; i < 3; i++)
        {
            var both = await Task.WhenAll(first.MoveNextAsync().AsTask(), second.MoveNextAsync().AsTask()).Within();
            both.ShouldBe([true, true]);
            connection.Streams.Count.ShouldBe(1);
        }
    }

    [Fact]
    public async Task Many_pings_sent_at_once_are_all_answered_and_the_end_is_answered_by_the_end()
    {
        await using var server = await ServerAsync();
        await using var client = await ClientAsync();
        await using var stream = await OpenAsync(client, server);
        var pings = new byte[100 * 32];
        new Random(1).NextBytes(pings);
        await stream.Output.WriteAsync(pings);
        await stream.Output.CompleteAsync();
        (await stream.Input.ReadToEndAsync().Within()).ShouldBe(pings);
    }

    [Fact]
    public async Task Row67_A_third_stream_of_a_peer_is_reset_and_the_others_live_on()
    {
        await using var server = await ServerAsync();
        await using var client = await ClientAsync();
        await using var first = await OpenAsync(client, server);
        await using var second = await OpenAsync(client, server);
        await PingOnceAsync(first);
        await PingOnceAsync(second);

        await using (var third = await OpenAsync(client, server))
        {
            var pinging = PingOnceAsync(third);
            await _runtime.DriveAsync(pinging, TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(500));
            var reset = await Should.ThrowAsync<StreamResetException>(() => pinging);
            reset.ByRemote.ShouldBeTrue();
            reset.Code.ShouldBe(StreamErrorCode.ResourceLimitExceeded);
        }

        await PingOnceAsync(first);
        await PingOnceAsync(second);

        // Another peer has its own two.
        await using var other = await ClientAsync(3);
        await using var others = await OpenAsync(other, server);
        await PingOnceAsync(others);

        // And when one ends, one that waits has its place.
        await using var fourth = await OpenAsync(client, server);
        var fourths = PingOnceAsync(fourth);
        await first.Output.CompleteAsync();
        await fourths;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(95)]
    public async Task Row67_A_ping_cut_short_is_reset(int length)
    {
        await using var server = await ServerAsync();
        await using var client = await ClientAsync();
        await using var stream = await OpenAsync(client, server);
        await stream.Output.WriteAsync(new byte[length]);
        await stream.Output.CompleteAsync();
        var reset = await Should.ThrowAsync<StreamResetException>(() => stream.Input.ReadToEndAsync().Within());
        reset.Code.ShouldBe(StreamErrorCode.ProtocolViolation);
        await StillServesAsync(server);
    }

    [Fact]
    public async Task Row67_A_ping_that_drips_is_reset_after_10_seconds()
    {
        await using var server = await ServerAsync();
        await using var client = await ClientAsync();
        await using var stream = await OpenAsync(client, server);
        await PingOnceAsync(stream);
        await stream.Output.WriteAsync(new byte[1]);
        var reading = stream.Input.ReadAsync().AsTask();
        var dripping = DripAsync(stream);
        var took = await _runtime.DriveAsync(reading, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(1));
        (await Should.ThrowAsync<StreamResetException>(() => reading)).Code.ShouldBe(StreamErrorCode.ProtocolViolation);
        took.ShouldBeInRange(TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(12));
        await dripping.Within();
        await StillServesAsync(server);

        async Task DripAsync(IStream to)
        {
            try
            {
                for (var i = 0; i < 29; i++)
                {
                    await Task.Delay(TimeSpan.FromSeconds(2), _runtime.Clock);
                    await to.Output.WriteAsync(new byte[1]);
                }
            }
            catch (StreamResetException)
            {
                // As it must be.
            }
        }
    }

    [Fact]
    public async Task Row67_A_stream_without_a_ping_is_reset_after_10_seconds()
    {
        await using var server = await ServerAsync();
        await using var client = await ClientAsync();
        await using var stream = await OpenAsync(client, server);
        var reading = stream.Input.ReadAsync().AsTask();
        var took = await _runtime.DriveAsync(reading, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1));
        await Should.ThrowAsync<StreamResetException>(() => reading);
        took.ShouldBeInRange(TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(12));
    }

    [Fact]
    public async Task A_stream_that_is_quiet_between_pings_is_kept_for_a_minute()
    {
        await using var server = await ServerAsync();
        await using var client = await ClientAsync();
        await using var stream = await OpenAsync(client, server);
        await PingOnceAsync(stream);
        var reading = stream.Input.ReadAsync().AsTask();
        var took = await _runtime.DriveAsync(reading, TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(1));
        await Should.ThrowAsync<StreamResetException>(() => reading);
        took.ShouldBeInRange(TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(62));
    }

    [Fact]
    public async Task Row67_A_remote_that_does_not_read_its_answers_is_reset()
    {
        await using var server = await ServerAsync();
        await using var client = await ClientAsync();
        await using var stream = await OpenAsync(client, server);
        var flooding = FloodAsync(stream);
        await _runtime.DriveAsync(flooding, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1));
        await Should.ThrowAsync<StreamResetException>(() => flooding);
        await StillServesAsync(server);

        static async Task FloodAsync(IStream to)
        {
            var pings = new byte[32 * 128];
            while (true)
            {
                await to.Output.WriteAsync(pings);
            }
        }
    }

    [Fact]
    public async Task An_answer_with_other_bytes_is_an_error_of_the_remote()
    {
        await using var server = await LiarAsync(static async stream =>
        {
            await stream.Input.ReadAtLeastAsync(32);
            await stream.Output.WriteAsync(new byte[32]);
        });
        await FailsAsync(server, "other bytes");
    }

    [Fact]
    public async Task No_answer_but_the_end_is_an_error_of_the_remote()
    {
        await using var server = await LiarAsync(static async stream => await stream.Input.ReadAtLeastAsync(32));
        await FailsAsync(server, "without an answer");
    }

    [Fact]
    public async Task No_answer_in_time_is_an_error_of_the_remote()
    {
        var never = new TaskCompletionSource();
        await using var server = await LiarAsync(_ => never.Task);
        await FailsAsync(server, "within 10 s");
        never.SetResult();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_that_the_remote_gave_up_between_pings_is_opened_anew(bool byReset)
    {
        var got = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await LiarAsync(async stream =>
        {
            var read = await stream.Input.ReadAtLeastAsync(32);
            await stream.Output.WriteAsync(read.Buffer.ToArray());
            stream.Input.AdvanceTo(read.Buffer.End);
            await got.Task;
            if (byReset)
            {
                stream.Abort(StreamSide.Both, StreamErrorCode.None);
            }
        });
        await using var client = await ClientAsync();
        var connection = await client.ConnectAsync(server);
        await using var pings = client.Swarm.Find<IPingService>()!.PingAsync(connection).GetAsyncEnumerator();
        (await pings.MoveNextAsync().Within()).ShouldBeTrue();
        got.SetResult();
        await Watchdog.Eventually(() => server.Swarm.Connections.Single().Streams.Count == 0);
        got = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (await pings.MoveNextAsync().Within()).ShouldBeTrue();
        got.SetResult();
    }

    [Fact]
    public async Task A_peer_that_does_not_ping_says_so()
    {
        await using var server = await TestNode.StartAsync(2, _network, _runtime);
        await using var client = await ClientAsync();
        var connection = await client.ConnectAsync(server);
        await using var pings = client.Swarm.Find<IPingService>()!.PingAsync(connection).GetAsyncEnumerator();
        await Should.ThrowAsync<UnsupportedProtocolException>(() => pings.MoveNextAsync().AsTask().Within());
    }

    [Fact]
    public async Task Cancelling_ends_the_enumeration()
    {
        var never = new TaskCompletionSource();
        await using var server = await LiarAsync(_ => never.Task);
        await using var client = await ClientAsync();
        var connection = await client.ConnectAsync(server);
        using var cancel = new CancellationTokenSource();
        await using var pings = client.Swarm.Find<IPingService>()!.PingAsync(connection, cancel.Token).GetAsyncEnumerator();
        var waiting = pings.MoveNextAsync().AsTask();
        cancel.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting.Within());
        await Watchdog.Eventually(() => connection.Streams.Count == 0);
        never.SetResult();
    }

    [Fact]
    public void Options_name_each_problem()
    {
        new PingOptions().Validate().ShouldBeEmpty();
        var problems = new PingOptions { Timeout = TimeSpan.Zero, IdleTimeout = TimeSpan.Zero, MaxStreamsPerPeer = 0 }.Validate().ToList();
        problems.Count.ShouldBe(3);
        problems[0].ShouldContain(nameof(PingOptions.Timeout));
        problems[1].ShouldContain(nameof(PingOptions.IdleTimeout));
        problems[2].ShouldContain(nameof(PingOptions.MaxStreamsPerPeer));
    }

    private Task<TestNode> ServerAsync() => TestNode.StartAsync(2, _network, _runtime, static node => node.Add(new PingPlugin()));

    private Task<TestNode> ClientAsync(byte number = 1) => TestNode.StartAsync(number, _network, _runtime, static node => node.Add(new PingPlugin()), listens: false);

    private Task<TestNode> LiarAsync(Func<IStream, Task> serve) =>
        TestNode.StartAsync(2, _network, _runtime, node => node.Swarm.Handle(_ping, (stream, _) => new ValueTask(serve(stream))));

    private async Task FailsAsync(TestNode server, string because)
    {
        await using var client = await ClientAsync();
        var connection = await client.ConnectAsync(server);
        await using var pings = client.Swarm.Find<IPingService>()!.PingAsync(connection).GetAsyncEnumerator();
        var pinging = pings.MoveNextAsync().AsTask();
        await _runtime.DriveAsync(pinging, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1));
        (await Should.ThrowAsync<ProtocolException>(() => pinging)).Message.ShouldContain(because);
    }

    private async Task StillServesAsync(TestNode server)
    {
        await using var honest = await ClientAsync(9);
        await using var stream = await OpenAsync(honest, server);
        await PingOnceAsync(stream);
    }

    private static async Task<IStream> OpenAsync(TestNode client, TestNode server)
    {
        var connection = await client.ConnectAsync(server);
        return await connection.OpenStreamAsync([_ping], new OpenStreamOptions { Negotiation = NegotiationMode.Eager }).Within();
    }

    private static async Task PingOnceAsync(IStream stream)
    {
        var ping = new byte[32];
        new Random(5).NextBytes(ping);
        await stream.Output.WriteAsync(ping).Within();
        (await stream.Input.ReadExactlyAsync(32).Within()).ShouldBe(ping);
    }
}
