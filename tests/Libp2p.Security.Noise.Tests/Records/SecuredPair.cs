using System.Buffers;
using System.IO.Pipelines;
using Libp2p.Crypto;
using Libp2p.TestKit;

namespace Libp2p.Security.Noise.Tests.Records;

/// <summary>Two Noise connections over a test wire, with known keys and without a handshake.</summary>
internal sealed class SecuredPair : IAsyncDisposable
{
    private SecuredPair(BytePair wire, NoiseConnection dialer, NoiseConnection listener, NoiseCiphers dialerCiphers, NoiseCiphers listenerCiphers)
    {
        Wire = wire;
        Dialer = dialer;
        Listener = listener;
        DialerCiphers = dialerCiphers;
        ListenerCiphers = listenerCiphers;
    }

    public BytePair Wire { get; }

    public NoiseConnection Dialer { get; }

    public NoiseConnection Listener { get; }

    public NoiseCiphers DialerCiphers { get; }

    public NoiseCiphers ListenerCiphers { get; }

    public static SecuredPair Create(BytePairOptions? options = null, AeadProvider? aead = null, ulong counter = 0, int maxUnconsumed = 16 * 1024 * 1024, IResourceScope? scope = null)
    {
        var wire = BytePair.Create(options ?? new BytePairOptions { Capacity = 16 * 1024 * 1024, Record = true });
        var (dialer, listener) = (Ciphers(1, 2, aead, counter), Ciphers(2, 1, aead, counter));
        return new SecuredPair(wire, new NoiseConnection(wire.Dialer, dialer, maxUnconsumed), new NoiseConnection(wire.Listener, listener, maxUnconsumed, scope), dialer, listener);
    }

    public static NoiseCiphers Ciphers(byte sending, byte receiving, AeadProvider? aead = null, ulong counter = 0) =>
        new(new NoiseCipher(aead ?? CryptoProviders.Aead, Key(sending), AeadDirection.Seal, counter),
            new NoiseCipher(aead ?? CryptoProviders.Aead, Key(receiving), AeadDirection.Open, counter));

    /// <summary>A record as the dialer's cipher would make it, with its length.</summary>
    public static byte[] Record(ReadOnlySpan<byte> plaintext, ulong counter)
    {
        using var cipher = new NoiseCipher(CryptoProviders.Aead, Key(1), AeadDirection.Seal, counter);
        var record = new byte[2 + plaintext.Length + AeadCipher.TagSize];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(record, (ushort)(record.Length - 2));
        cipher.Seal([], plaintext, record.AsSpan(2));
        return record;
    }

    /// <summary>The lengths of the records in what was sent.</summary>
    public static List<int> Lengths(ReadOnlySpan<byte> sent)
    {
        var lengths = new List<int>();
        while (!sent.IsEmpty)
        {
            lengths.Add((sent[0] << 8) | sent[1]);
            sent = sent[(2 + lengths[^1])..];
        }

        return lengths;
    }

    public static async Task<byte[]> ReadAsync(PipeReader input, int length)
    {
        var read = await input.ReadAtLeastAsync(length).Within();
        read.Buffer.Length.ShouldBe(length);
        var bytes = read.Buffer.ToArray();
        input.AdvanceTo(read.Buffer.End);
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        await Dialer.DisposeAsync();
        await Listener.DisposeAsync();
    }

    private static byte[] Key(byte fill) => [.. Enumerable.Repeat(fill, AeadCipher.KeySize)];
}
