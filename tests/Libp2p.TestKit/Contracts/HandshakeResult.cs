namespace Libp2p.TestKit;

/// <summary>What both ends of a security handshake came to: a result or an error each.</summary>
/// <param name="Dialer">What the dialer got; null: it failed.</param>
/// <param name="DialerError">Why the dialer failed.</param>
/// <param name="Listener">What the listener got; null: it failed.</param>
/// <param name="ListenerError">Why the listener failed.</param>
public sealed record HandshakeResult(SecuredBytes? Dialer, Exception? DialerError, SecuredBytes? Listener, Exception? ListenerError)
{
    /// <summary>Shakes hands over a pair as the upgrader does: whoever fails aborts its wire.</summary>
    public static async Task<HandshakeResult> RunAsync(
        ISecurityChannel dialer, ISecurityChannel listener, BytePair wire, UpgradeContext dialing, UpgradeContext listening, TimeSpan patience)
    {
        var ends = await Task.WhenAll(
            EndAsync(dialer, wire.Dialer, dialing, patience),
            EndAsync(listener, wire.Listener, listening, patience)).ConfigureAwait(false);
        return new HandshakeResult(ends[0].Secured, ends[0].Error, ends[1].Secured, ends[1].Error);
    }

    private static async Task<(SecuredBytes? Secured, Exception? Error)> EndAsync(ISecurityChannel channel, IByteConnection wire, UpgradeContext context, TimeSpan patience)
    {
        try
        {
            return (await channel.SecureAsync(wire, context).Within(patience, "the handshake").ConfigureAwait(false), null);
        }
        catch (Exception error)
        {
            wire.Abort(error);
            return (null, error);
        }
    }
}
