
namespace Libp2p.Interop.Tests.Js;

/// <summary>Streams: bulk, half-close, reset, unknown protocols.</summary>
public sealed class JsStreamTests : JsInterop
{
    private const int MiB = 1 << 20;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sixty_four_streams_of_1_MiB_at_once_echoed_by_js(bool weDial)
    {
        var connection = await ConnectAsync(weDial);
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ =>
        {
            await using var stream = await connection.OpenStreamAsync([Echo]);
            var sent = SendRandomAsync(stream, MiB);
            var received = await OurNode.DigestOfAsync(stream);
            received.ShouldBe(await sent);
        }));
        connection.Streams.Where(stream => stream.Protocol == Echo).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sixty_four_streams_of_1_MiB_at_once_echoed_by_us(bool weDial)
    {
        await ConnectAsync(weDial);
        var request = Us;
        request["streams"] = 64;
        request["bytes"] = MiB;
        await Js.MustAsync("echo", request);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_unknown_protocol_is_refused_by_js(bool weDial)
    {
        var connection = await ConnectAsync(weDial);
        var error = await Should.ThrowAsync<UnsupportedProtocolException>(async () => await connection.OpenStreamAsync(["/test/unknown/1.0.0"]));
        error.Offered.ShouldBe([new ProtocolId("/test/unknown/1.0.0")]);

        // The first of several that it speaks is taken.
        await using var stream = await connection.OpenStreamAsync(["/test/unknown/1.0.0", Echo]);
        stream.Protocol.ShouldBe(Echo);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_unknown_protocol_asked_by_js_is_refused(bool weDial)
    {
        await ConnectAsync(weDial);
        var request = Us;
        request["protocol"] = "/test/unknown/1.0.0";
        var answer = await Js.AskAsync("open", request);
        ((bool)answer["ok"]!).ShouldBeFalse();
        ((string)answer["name"]!).ShouldBe("UnsupportedProtocolError");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Our_half_close_is_seen_by_js_which_answers_after_it(bool weDial)
    {
        var connection = await ConnectAsync(weDial);
        await using var stream = await connection.OpenStreamAsync([Digest]);
        var sent = await SendRandomAsync(stream, 300_000);
        (await ReadTextAsync(stream)).ShouldBe(sent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_half_close_of_js_is_seen_by_us_who_answer_after_it(bool weDial)
    {
        await ConnectAsync(weDial);
        var request = Us;
        request["bytes"] = 300_000;
        var answer = await Js.MustAsync("digest", request);
        ((string)answer["answer"]!).ShouldBe((string)answer["expected"]!);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reset_by_js_is_no_end_of_stream_for_our_reader(bool weDial)
    {
        var connection = await ConnectAsync(weDial);
        await using var stream = await connection.OpenStreamAsync([Reset]);
        await stream.Output.WriteAsync(new byte[1]);
        var error = await Should.ThrowAsync<StreamResetException>(() => OurNode.DigestOfAsync(stream));
        error.ByRemote.ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Our_reset_is_no_end_of_stream_for_the_reader_of_js(bool weDial)
    {
        await ConnectAsync(weDial);
        ((string)(await Js.MustAsync("reset", Us))["end"]!).ShouldBe("StreamResetError");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Our_abort_reaches_the_handler_of_js_as_a_reset(bool weDial)
    {
        var connection = await ConnectAsync(weDial);
        await using var stream = await connection.OpenStreamAsync([Watch]);
        var watching = await stream.Input.ReadAsync();
        stream.Input.AdvanceTo(watching.Buffer.End);
        stream.Abort(StreamSide.Both, StreamErrorCode.None);
        ((string)(await Js.EventAsync("watched"))["end"]!).ShouldBe("StreamResetError");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_abort_of_js_reaches_our_handler_as_a_reset(bool weDial)
    {
        await ConnectAsync(weDial);
        await Js.MustAsync("abort", Us);
        var end = await Ours.Watched.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));
        end.ShouldBeOfType<StreamResetException>().ByRemote.ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Our_orderly_close_is_an_end_of_stream_for_the_handler_of_js(bool weDial)
    {
        var connection = await ConnectAsync(weDial);
        await using var stream = await connection.OpenStreamAsync([Watch]);
        await stream.Output.CompleteAsync();
        ((string)(await Js.EventAsync("watched"))["end"]!).ShouldBe("eof");
    }
}
