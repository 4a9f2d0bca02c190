using System.Buffers;
using Libp2p.Protocols.Perf;
using Libp2p.Protocols.Tests.Support;
using Libp2p.TestKit;
using Libp2p.TestKit.Probes;

namespace Libp2p.Protocols.Tests.Perf;

public sealed class PerfTests
{
    private static readonly ProtocolId _perf = new("/perf/1.0.0");
    private readonly FakeQuicNetwork _network = new();
    private readonly TestRuntime _runtime = TestRuntime.Fake();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [InlineData(1_000_001, 2_000_003)]
    public async Task What_was_asked_for_goes_each_way(long upload, long download)
    {
        await using var server = await ServerAsync();
        await using var client = await ClientAsync();
        using var served = server.Listen<PerfServed>();
        var connection = await client.ConnectAsync(server);
        var result = await Service(client).MeasureAsync(connection, upload, download).AsTask().Within();
        result.ShouldBe(new PerfResult(upload, download, TimeSpan.Zero, TimeSpan.Zero)); // the clock stands still
        var seen = await served.NextAsync();
        (seen.Connection.RemotePeer, seen.Uploaded, seen.Downloaded).ShouldBe((client.PeerId, upload, download));
        await Watchdog.Eventually(() => connection.Streams.Count == 0 && server.Swarm.Connections.Single().Streams.Count == 0);
    }

    [Fact]
    public async Task Over_the_whole_stack_rates_are_measured()
    {
        await using var server = await TestNode.StartStackAsync(2);
        await using var client = await TestNode.StartStackAsync(1);
        server.Add(new PerfPlugin(), (nameof(PerfOptions.Serve), "true"));
        client.Add(new PerfPlugin());
        var result = await Service(client).MeasureAsync(await client.ConnectAsync(server), 3_000_000, 4_000_000).AsTask().Within();
        result.UploadRate.ShouldBeGreaterThan(0);
        result.DownloadRate.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Nobody_is_served_unless_the_options_say_so()
    {
        await using var server = await StartAsync(2);
        await using var client = await ClientAsync();
        var connection = await client.ConnectAsync(server);
        await Should.ThrowAsync<UnsupportedProtocolException>(() => Service(client).MeasureAsync(connection, 1, 1).AsTask().Within());
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    [InlineData(-1, false)] // 2^64 - 1 on the wire
    public async Task More_than_allowed_is_refused(long download, bool served)
    {
        await using var server = await ServerAsync((nameof(PerfOptions.MaxDownload), "1000"));
        await using var client = await ClientAsync();
        await using var stream = await OpenAsync(client, server);
        var request = new byte[PerfRequest.Size];
        PerfRequest.Write((ulong)download, request);
        await stream.Output.WriteToEndAsync(request);
        if (served)
        {
            (await stream.Input.ReadToEndAsync().Within()).Length.ShouldBe((int)download);
            return;
        }

        (await Should.ThrowAsync<StreamResetException>(() => stream.Input.ReadToEndAsync().Within())).Code.ShouldBe(StreamErrorCode.ResourceLimitExceeded);
    }

    [Fact]
    public async Task A_further_measurement_of_a_peer_is_reset_and_the_first_lives_on()
    {
        await using var server = await ServerAsync();
        await using var client = await ClientAsync();
        await using var first = await OpenAsync(client, server);

        // More than a window and the send buffer hold: once it is written, the first is being served.
        await first.Output.WriteAsync(new byte[1 << 20]).Within();
        await using var second = await OpenAsync(client, server);
        (await Should.ThrowAsync<StreamResetException>(() => second.Input.ReadToEndAsync().Within())).Code.ShouldBe(StreamErrorCode.ResourceLimitExceeded);
        await first.Output.CompleteAsync();
        (await first.Input.ReadToEndAsync().Within()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task A_request_cut_short_is_reset(int length)
    {
        await using var server = await ServerAsync();
        await using var client = await ClientAsync();
        await using var stream = await OpenAsync(client, server);
        await stream.Output.WriteToEndAsync(new byte[length]);
        (await Should.ThrowAsync<StreamResetException>(() => stream.Input.ReadToEndAsync().Within())).Code.ShouldBe(StreamErrorCode.ProtocolViolation);
    }

    [Theory]
    [InlineData(0)] // says nothing
    [InlineData(100)] // goes silent within the upload
    public async Task A_remote_that_moves_nothing_is_reset(int sent)
    {
        await using var server = await ServerAsync();
        await using var client = await ClientAsync();
        await using var stream = await OpenAsync(client, server);
        await stream.Output.WriteAsync(new byte[sent]).Within();
        var reading = stream.Input.ReadToEndAsync();
        await _runtime.DriveAsync(reading, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1));
        (await Should.ThrowAsync<StreamResetException>(() => reading)).Code.ShouldBe(StreamErrorCode.ProtocolViolation);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(11)]
    public async Task Another_number_of_bytes_is_an_error_of_the_remote(int sent)
    {
        await using var liar = await StartLiarAsync(async stream =>
        {
            await stream.Input.ReadToEndAsync();
            await stream.Output.WriteToEndAsync(new byte[sent]);
        });
        await using var client = await ClientAsync();
        var connection = await client.ConnectAsync(liar);
        (await Should.ThrowAsync<ProtocolException>(() => Service(client).MeasureAsync(connection, 5, 10).AsTask().Within())).Message.ShouldContain($"{sent} bytes; 10 were asked for");
    }

    [Fact]
    public async Task A_remote_that_never_answers_is_named()
    {
        var never = new TaskCompletionSource();
        await using var liar = await StartLiarAsync(_ => never.Task);
        await using var client = await ClientAsync();
        var measuring = Service(client).MeasureAsync(await client.ConnectAsync(liar), 5, 10).AsTask();
        await _runtime.DriveAsync(measuring, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1));
        (await Should.ThrowAsync<ProtocolException>(() => measuring)).Message.ShouldContain("moved nothing for 10 s");
        never.SetResult();
    }

    [Fact]
    public async Task Progress_is_told_once_a_second()
    {
        var never = new TaskCompletionSource();
        await using var liar = await StartLiarAsync(_ => never.Task);
        await using var client = await ClientAsync();
        var told = new Told();
        var measuring = Service(client).MeasureAsync(await client.ConnectAsync(liar), 5, 10, told).AsTask();
        await _runtime.DriveAsync(measuring, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1));
        await Should.ThrowAsync<ProtocolException>(() => measuring);
        told.Progress[0].ShouldBe(new PerfProgress(5, 0, TimeSpan.FromSeconds(1)));
        told.Progress.Zip(told.Progress.Skip(1)).ShouldAllBe(pair => pair.Second.Elapsed - pair.First.Elapsed == TimeSpan.FromSeconds(1));
        never.SetResult();
    }

    [Fact]
    public async Task Cancelling_resets_the_stream()
    {
        var ended = new TaskCompletionSource();
        await using var liar = await StartLiarAsync(async stream =>
        {
            await stream.Input.DrainAsync().ContinueWith(static _ => { }, TaskScheduler.Default);
            ended.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, stream.Aborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        });
        await using var client = await ClientAsync();
        var connection = await client.ConnectAsync(liar);
        using var cancel = new CancellationTokenSource();
        var measuring = Service(client).MeasureAsync(connection, 5, 10, null, cancel.Token).AsTask();
        await ended.Task.Within();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => measuring.Within());
        await Watchdog.Eventually(() => connection.Streams.Count == 0 && liar.Swarm.Connections.Single().Streams.Count == 0);
    }

    [Fact]
    public void The_request_is_8_bytes_big_endian_and_nothing_shorter_is_one()
    {
        var bytes = new byte[PerfRequest.Size];
        PerfRequest.Write(0x0102030405060708, bytes);
        bytes.ShouldBe([1, 2, 3, 4, 5, 6, 7, 8]);
        for (var length = 0; length < PerfRequest.Size; length++) PerfRequest.TryRead(new ReadOnlySequence<byte>(bytes, 0, length), out _).ShouldBeFalse();
        PerfRequest.TryRead(new ReadOnlySequence<byte>(bytes), out var download).ShouldBeTrue();
        download.ShouldBe(0x0102030405060708ul);
    }

    [Fact]
    public void Options_name_each_problem()
    {
        new PerfOptions().Validate().ShouldBeEmpty();
        var problems = new PerfOptions { MaxStreamsPerPeer = 0, MaxDownload = -1, StallTimeout = TimeSpan.Zero, BlockSize = 0 }.Validate().ToList();
        problems.Count.ShouldBe(4);
        problems[0].ShouldContain(nameof(PerfOptions.MaxStreamsPerPeer));
        problems[1].ShouldContain(nameof(PerfOptions.MaxDownload));
        problems[2].ShouldContain(nameof(PerfOptions.StallTimeout));
        problems[3].ShouldContain(nameof(PerfOptions.BlockSize));
    }

    private sealed class Told : IProgress<PerfProgress>
    {
        public List<PerfProgress> Progress { get; } = [];

        public void Report(PerfProgress value) => Progress.Add(value);
    }

    private static IPerfService Service(TestNode node) => node.Swarm.Find<IPerfService>()!;

    private Task<TestNode> StartAsync(byte number, params (string, string)[] options) =>
        TestNode.StartAsync(number, _network, _runtime, node => node.Add(new PerfPlugin(), options));

    private Task<TestNode> ServerAsync(params (string, string)[] options) => StartAsync(2, [(nameof(PerfOptions.Serve), "true"), .. options]);

    private Task<TestNode> ClientAsync() => StartAsync(1);

    private Task<TestNode> StartLiarAsync(Func<IStream, Task> serve) =>
        TestNode.StartAsync(2, _network, _runtime, node => node.Swarm.Handle(_perf, (stream, _) => new ValueTask(serve(stream))));

    private static async Task<IStream> OpenAsync(TestNode client, TestNode server)
    {
        var connection = await client.ConnectAsync(server);
        return await connection.OpenStreamAsync([_perf], new OpenStreamOptions { Negotiation = NegotiationMode.Eager }).Within();
    }
}
