using Shouldly;
using Xunit;

namespace Libp2p.TestKit;

public abstract partial class MuxedConnectionContract
{
    [Fact]
    public async Task Disposing_completes_both_ends_as_an_ordinary_close()
    {
        await using var pair = await ConnectAsync();
        await pair.Dialer.DisposeAsync().Within(Patience);
        var mine = await pair.Dialer.Completion.Within(Patience);
        mine.ByRemote.ShouldBeFalse();
        mine.Cause.ShouldBeNull();
        mine.Code.ShouldBe(ConnectionErrorCode.None);
        var theirs = await pair.Listener.Completion.Within(Patience);
        theirs.ByRemote.ShouldBeTrue();
        if (!AnnouncesItsEnd) return;
        theirs.Cause.ShouldBeNull();
        theirs.Code.ShouldBe(ConnectionErrorCode.None);
    }

    [Fact]
    public async Task Aborting_completes_both_ends_with_its_code()
    {
        await using var pair = await ConnectAsync();
        pair.Listener.Abort(ConnectionErrorCode.ResourceLimitExceeded);
        var mine = await pair.Listener.Completion.Within(Patience);
        mine.ByRemote.ShouldBeFalse();
        mine.Code.ShouldBe(ConnectionErrorCode.ResourceLimitExceeded);
        var theirs = await pair.Dialer.Completion.Within(Patience);
        theirs.ByRemote.ShouldBeTrue();
        if (CarriesConnectionCodes) theirs.Code.ShouldBe(ConnectionErrorCode.ResourceLimitExceeded);
    }

    [Fact]
    public async Task The_first_end_counts()
    {
        await using var pair = await ConnectAsync();
        pair.Dialer.Abort(ConnectionErrorCode.ProtocolError);
        pair.Dialer.Abort(ConnectionErrorCode.Gated);
        await pair.Dialer.DisposeAsync().Within(Patience);
        await pair.Dialer.DisposeAsync().Within(Patience);
        (await pair.Dialer.Completion.Within(Patience)).Code.ShouldBe(ConnectionErrorCode.ProtocolError);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_wakes_who_waits_for_streams_and_keeps_saying_null(bool abort)
    {
        await using var pair = await ConnectAsync();
        var mine = pair.Dialer.AcceptStreamAsync().AsTask();
        var theirs = pair.Listener.AcceptStreamAsync().AsTask();
        await EndAsync(pair.Dialer, abort);
        (await mine.Within(Patience)).ShouldBeNull();
        (await theirs.Within(Patience)).ShouldBeNull();
        (await pair.Dialer.AcceptStreamAsync().Within(Patience)).ShouldBeNull();
        (await pair.Listener.AcceptStreamAsync().Within(Patience)).ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Opening_after_the_end_fails_at_both_ends(bool abort)
    {
        await using var pair = await ConnectAsync();
        await EndAsync(pair.Dialer, abort);
        (await Assert.ThrowsAnyAsync<ConnectionClosedException>(() => pair.Dialer.OpenStreamAsync().Within(Patience))).End.ByRemote.ShouldBeFalse();
        await pair.Listener.Completion.Within(Patience);
        (await Assert.ThrowsAnyAsync<ConnectionClosedException>(() => pair.Listener.OpenStreamAsync().Within(Patience))).End.ByRemote.ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_ends_all_streams_of_both_ends(bool abort)
    {
        await using var pair = await ConnectAsync();
        var streams = new List<IMuxedStream>();
        for (var i = 0; i < 5; i++)
        {
            var (opened, accepted) = await pair.OpenAsync(Patience, fromListener: i % 2 == 0);
            streams.Add(opened);
            streams.Add(accepted);
        }

        var reads = streams.ConvertAll(static stream => stream.Input.ReadAsync().AsTask());
        await EndAsync(pair.Dialer, abort);
        foreach (var read in reads) await Assert.ThrowsAnyAsync<StreamResetException>(() => read.Within(Patience));
        foreach (var stream in streams)
        {
            await stream.Aborted.Within(Patience);
            await stream.WritesClosed.Within(Patience);
        }
    }

    [Fact]
    public async Task A_stream_that_was_never_accepted_does_not_hold_the_end()
    {
        await using var pair = await ConnectAsync();
        for (var i = 0; i < 10; i++)
        {
            var stream = await pair.Dialer.OpenStreamAsync().Within(Patience);
            await stream.Output.WriteAsync(new byte[1000]).Within(Patience);
        }

        await pair.Dialer.DisposeAsync().Within(Patience);
        await pair.Listener.Completion.Within(Patience);
        await pair.Listener.DisposeAsync().Within(Patience);
    }

    [Fact]
    public async Task A_feature_that_is_not_there_is_null()
    {
        await using var pair = await ConnectAsync();
        pair.Dialer.GetFeature(typeof(MuxedConnectionContract)).ShouldBeNull();
    }

    private async Task EndAsync(IMuxedConnection connection, bool abort)
    {
        if (abort) connection.Abort(ConnectionErrorCode.ProtocolError);
        else await connection.DisposeAsync().Within(Patience);
    }
}
