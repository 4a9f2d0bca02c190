using System.Buffers;

namespace Libp2p.Security.PrivateNetwork;

/// <summary>
/// Protects wires with the network's key (libp2p/specs, pnet, Private-Networks-PSK-V1): each side sends 24 random bytes, which with the key begin the key stream of its way; then everything is encrypted.
/// Thread-safe.
/// </summary>
internal sealed class PrivateNetworkProtector(PreSharedKey key) : IConnectionProtector
{
    /// <inheritdoc/>
    public async ValueTask<IByteConnection> ProtectAsync(IByteConnection wire, UpgradeContext context, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        context.Progress?.Report("private network: exchanging nonces");
        var mine = wire.Output.GetMemory(XSalsa20.NonceSize)[..XSalsa20.NonceSize];
        context.Runtime.Random.Fill(mine.Span);
        var sending = new XSalsa20(key.Bytes, mine.Span);
        wire.Output.Advance(XSalsa20.NonceSize);
        var flushed = await wire.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (flushed.IsCompleted) throw Left();

        while (true)
        {
            var received = await wire.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (received.Buffer.Length >= XSalsa20.NonceSize)
            {
                var receiving = Begin(received.Buffer.Slice(0, XSalsa20.NonceSize));
                wire.Input.AdvanceTo(received.Buffer.GetPosition(XSalsa20.NonceSize));
                return new ProtectedConnection(wire, receiving, sending);
            }

            wire.Input.AdvanceTo(received.Buffer.Start, received.Buffer.End);
            if (received.IsCompleted) throw Left();
            if (received.IsCanceled) throw new OperationCanceledException("The pending read was cancelled.");
        }
    }

    private static SecureChannelException Left() => new("The remote closed the connection before it sent its nonce: it may not be of a private network.");

    private XSalsa20 Begin(in ReadOnlySequence<byte> nonce)
    {
        Span<byte> theirs = stackalloc byte[XSalsa20.NonceSize];
        nonce.CopyTo(theirs);
        return new XSalsa20(key.Bytes, theirs);
    }
}
