using System.Text;
using Libp2p.TestKit;

namespace Libp2p.Swarm.Tests.Connections;

/// <summary>What a stranger may say on a stream, and that an honest peer is served afterwards.</summary>
public class HostileStreamTests
{
    private const string Header = "\u0013/multistream/1.0.0\n";

    [Fact]
    public async Task Row04_long_token_resets_the_stream_only()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        await using var raw = await nodes.DialRawAsync(listener);
        var stream = await raw.OpenStreamAsync().Within();
        await stream.Output.WriteAsync((byte[])[.. Encoding.UTF8.GetBytes(Header), 0x81, 0x08]).Within();
        (await Should.ThrowAsync<StreamResetException>(stream.Input.DrainAsync().Within())).Code.ShouldBe(StreamErrorCode.ProtocolNegotiationFailed);
        await ServedAsync(raw, listener);
    }

    [Fact]
    public async Task Row05_endless_proposals_reset_the_stream_only()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        await using var raw = await nodes.DialRawAsync(listener);
        var stream = await raw.OpenStreamAsync().Within();
        await stream.Output.WriteAsync(Encoding.UTF8.GetBytes(Header + string.Concat(Enumerable.Repeat("\u0003ls\n", 65)))).Within();
        (await Should.ThrowAsync<StreamResetException>(stream.Input.DrainAsync().Within())).Code.ShouldBe(StreamErrorCode.ProtocolNegotiationFailed);
        await ServedAsync(raw, listener);
    }

    [Fact]
    public async Task Row06_slow_drip_is_reset_at_the_absolute_deadline()
    {
        await using var nodes = new QuicNodes(fakeClock: true);
        var listener = await nodes.StartAsync(1);
        await using var raw = await nodes.DialRawAsync(listener);
        var stream = await raw.OpenStreamAsync().Within();
        await stream.Output.FlushAsync().AsTask().Within();

        // It has begun to negotiate: it says its header. From then on every byte comes late, none of them too late by itself.
        await stream.Input.ReadExactlyAsync(Header.Length).Within();
        await Watchdog.Eventually(() => listener.Context.NegotiationDeadlines.IsArmed);
        var reading = stream.Input.DrainAsync();
        var start = nodes.Clock.GetUtcNow();
        foreach (var value in Encoding.UTF8.GetBytes(Header + "\u0040/" + new string('x', 62))[..40])
        {
            await stream.Output.WriteAsync(new[] { value });
            nodes.Clock.Advance(TimeSpan.FromMilliseconds(200));
        }

        await nodes.Runtime.DriveAsync(reading, TimeSpan.FromSeconds(20)).Within();
        (await Should.ThrowAsync<StreamResetException>(reading)).Code.ShouldBe(StreamErrorCode.ProtocolNegotiationFailed);
        (nodes.Clock.GetUtcNow() - start).ShouldBeInRange(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10.5));
        await ServedAsync(raw, listener);
    }

    [Fact]
    public async Task Silent_streams_over_the_limit_are_reset_at_once()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1, static options => options.MaxPendingNegotiations = 4);
        await using var raw = await nodes.DialRawAsync(listener);
        var silent = new List<IMuxedStream>();
        for (var i = 0; i < 5; i++)
        {
            var stream = await raw.OpenStreamAsync().Within();
            await stream.Output.FlushAsync().AsTask().Within();
            silent.Add(stream);
        }

        // A silent dialer gets the header: either side may speak first.
        foreach (var stream in silent.Take(4))
        {
            Encoding.UTF8.GetString(await stream.Input.ReadExactlyAsync(Header.Length).Within()).ShouldBe(Header);
        }

        (await Should.ThrowAsync<StreamResetException>(silent[4].Input.DrainAsync().Within())).Code.ShouldBe(StreamErrorCode.ResourceLimitExceeded);
        await silent[0].DisposeAsync();
        await Watchdog.Eventually(() => listener.Context.Governor.Streams == 3);
        listener.Connections.Single().Streams.ShouldBeEmpty("none of them speaks a protocol");
        await ServedAsync(raw, listener);
        foreach (var stream in silent) await stream.DisposeAsync();
    }

    [Fact]
    public async Task Dialer_that_sends_data_behind_a_refused_proposal_reads_the_refusal()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        await using var raw = await nodes.DialRawAsync(listener);
        var stream = await raw.OpenStreamAsync().Within();
        await stream.Output.WriteAsync((byte[])[.. Encoding.UTF8.GetBytes(Header + "\u0006/nope\n"), .. new byte[1000]]).Within();
        await stream.Output.CompleteAsync();
        Encoding.UTF8.GetString(await stream.Input.ReadToEndAsync().Within()).ShouldBe(Header + "\u0003na\n");
        await ServedAsync(raw, listener);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Negotiation_data_and_end_in_one_segment_or_byte_by_byte(bool whole)
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        await using var raw = await nodes.DialRawAsync(listener);
        var stream = await raw.OpenStreamAsync().Within();
        var bytes = Encoding.UTF8.GetBytes(Header + "\u000c/echo/1.0.0\nhello");
        if (whole)
        {
            bytes.CopyTo(stream.Output.GetSpan(bytes.Length));
            stream.Output.Advance(bytes.Length);
        }
        else
        {
            foreach (var value in bytes) await stream.Output.WriteAsync(new[] { value }).AsTask().Within();
        }

        await stream.Output.CompleteAsync();
        Encoding.UTF8.GetString(await stream.Input.ReadToEndAsync().Within()).ShouldBe(Header + "\u000c/echo/1.0.0\nhello");
    }

    [Fact]
    public async Task Every_prefix_of_a_negotiation_is_no_stream()
    {
        await using var nodes = new QuicNodes();
        var listener = await nodes.StartAsync(1);
        await using var raw = await nodes.DialRawAsync(listener);
        var bytes = Encoding.UTF8.GetBytes(Header + "\u000c/echo/1.0.0\n");
        for (var length = 0; length < bytes.Length; length++)
        {
            var stream = await raw.OpenStreamAsync().Within();
            await stream.Output.WriteAsync(bytes.AsMemory(0, length)).AsTask().Within();
            await stream.Output.CompleteAsync();
            await Should.ThrowAsync<StreamResetException>(stream.Input.DrainAsync().Within());
        }

        await ServedAsync(raw, listener);
    }

    private static async Task ServedAsync(ISecureConnection raw, SwarmNode listener)
    {
        var stream = await raw.OpenStreamAsync().Within();
        await stream.Output.WriteAsync(Encoding.UTF8.GetBytes(Header + "\u000c/echo/1.0.0\nstill here")).Within();
        await stream.Output.CompleteAsync();
        Encoding.UTF8.GetString(await stream.Input.ReadToEndAsync().Within()).ShouldEndWith("still here");
        listener.Connections.Count.ShouldBe(1);
    }
}
