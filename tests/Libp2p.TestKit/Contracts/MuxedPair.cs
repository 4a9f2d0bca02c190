namespace Libp2p.TestKit;

/// <summary>The two ends of a muxed connection.</summary>
/// <param name="dialer">The end that dialed.</param>
/// <param name="listener">The end that accepted.</param>
/// <param name="owned">What else goes with them.</param>
public sealed class MuxedPair(IMuxedConnection dialer, IMuxedConnection listener, params IAsyncDisposable[] owned) : IAsyncDisposable
{
    /// <summary>The end that dialed.</summary>
    public IMuxedConnection Dialer { get; } = dialer;

    /// <summary>The end that accepted.</summary>
    public IMuxedConnection Listener { get; } = listener;

    /// <summary>Multiplexes both ends of a byte pair.</summary>
    public static async Task<MuxedPair> OverAsync(IStreamMuxer dialer, IStreamMuxer listener, BytePair wire, UpgradeContext? dialing = null, UpgradeContext? listening = null)
    {
        var accepting = listener.MultiplexAsync(wire.Listener, listening ?? Upgrading.Listener()).AsTask();
        var mine = await dialer.MultiplexAsync(wire.Dialer, dialing ?? Upgrading.Dialer()).Within().ConfigureAwait(false);
        return new MuxedPair(mine, await accepting.Within().ConfigureAwait(false));
    }

    /// <summary>Opens a stream and accepts it at the other end.</summary>
    public Task<(IMuxedStream Opened, IMuxedStream Accepted)> OpenAsync(TimeSpan? patience = null, bool fromListener = false) =>
        fromListener ? OpenAsync(Listener, Dialer, patience) : OpenAsync(Dialer, Listener, patience);

    /// <summary>Aborts and disposes both ends, and what goes with them.</summary>
    public async ValueTask DisposeAsync()
    {
        Dialer.Abort(ConnectionErrorCode.None);
        Listener.Abort(ConnectionErrorCode.None);
        await Dialer.DisposeAsync().ConfigureAwait(false);
        await Listener.DisposeAsync().ConfigureAwait(false);
        foreach (var other in owned) await other.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<(IMuxedStream Opened, IMuxedStream Accepted)> OpenAsync(IMuxedConnection from, IMuxedConnection to, TimeSpan? patience)
    {
        var opened = await from.OpenStreamAsync().Within(patience, "a stream to open").ConfigureAwait(false);
        await opened.Output.FlushAsync().Within(patience, "the flush that announces the stream").ConfigureAwait(false);
        var accepted = await to.AcceptStreamAsync().Within(patience, "the stream to be accepted").ConfigureAwait(false);
        return (opened, accepted ?? throw new InvalidOperationException("The connection ended before the stream was accepted."));
    }
}
