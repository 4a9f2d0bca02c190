namespace Libp2p.TestKit;

/// <summary>Two byte connections that are the ends of one.</summary>
/// <param name="dialer">The end that dialed.</param>
/// <param name="listener">The end that accepted.</param>
/// <param name="owned">What else goes with them: a listener.</param>
public sealed class ByteConnectionPair(IByteConnection dialer, IByteConnection listener, params IAsyncDisposable[] owned) : IAsyncDisposable
{
    /// <summary>The end that dialed.</summary>
    public IByteConnection Dialer { get; } = dialer;

    /// <summary>The end that accepted.</summary>
    public IByteConnection Listener { get; } = listener;

    /// <summary>Aborts and disposes both ends, and what goes with them.</summary>
    public async ValueTask DisposeAsync()
    {
        Dialer.Abort(null);
        Listener.Abort(null);
        await Dialer.DisposeAsync().ConfigureAwait(false);
        await Listener.DisposeAsync().ConfigureAwait(false);
        foreach (var other in owned) await other.DisposeAsync().ConfigureAwait(false);
    }
}
