using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Libp2p.Crypto;
using Libp2p.Security.Noise.Wire;
using Libp2p.Wire;

namespace Libp2p.Security.Noise;

/// <summary>
/// The handshake of noise-libp2p (libp2p/specs, noise, r5): the remote's bytes in, framed messages out. It proves identities both ways and agrees on a muxer.
/// No I/O, no clock. One caller at a time.
/// </summary>
/// <remarks>
/// A message on the wire, also after the handshake:
/// <code>
///  0               1               2
/// +---------------+---------------+-----------
/// | length, big-endian            | message ...   1 to 65,535 bytes
/// +---------------+---------------+-----------
/// </code>
/// <para>Muxers (libp2p/specs, inlined-muxer-negotiation, r1): the responder offers its list in message 2; the initiator picks the first of its own that is in it, and
/// sends only that one in message 3, which the specification allows and which cannot be understood in two ways (peers in the field differ on whose order counts). A responder that is sent
/// several takes the first that it knows.</para>
/// </remarks>
internal sealed class NoiseSession : IDisposable
{
    /// <summary>Bytes of the length before each message.</summary>
    public const int FrameHeader = 2;

    private readonly bool _initiator;
    private readonly NoiseHandshake _handshake;
    private readonly NoiseStaticKey _static;
    private readonly PeerId? _expected;
    private readonly ImmutableArray<ProtocolId> _muxers;
    private readonly int _maxEarlyMuxers;
    private readonly NoiseProvenKeys? _proven;
    private PublicKey? _remoteKey;
    private byte[] _payload = [];

    /// <param name="initiator">Whether this side sends the first message.</param>
    /// <param name="prologue">Both sides must give the same.</param>
    /// <param name="staticKey">This side's lasting key, with its identity's signature.</param>
    /// <param name="ephemeral">This side's key of this handshake alone; disposed with it.</param>
    /// <param name="expected">Who must be at the other end; null: anyone.</param>
    /// <param name="muxers">The muxers on offer, in order of preference; empty: none is negotiated early.</param>
    /// <param name="maxEarlyMuxers">How many the remote may offer.</param>
    /// <param name="proven">Identities known to hold; null: each is checked.</param>
    /// <param name="aead">Which implementation encrypts; null: the best there is.</param>
    public NoiseSession(
        bool initiator,
        ReadOnlySpan<byte> prologue,
        NoiseStaticKey staticKey,
        X25519PrivateKey ephemeral,
        PeerId? expected,
        ImmutableArray<ProtocolId> muxers,
        int maxEarlyMuxers,
        NoiseProvenKeys? proven = null,
        AeadProvider? aead = null)
    {
        _initiator = initiator;
        _handshake = new NoiseHandshake(initiator, prologue, staticKey.Key, ephemeral, aead);
        _static = staticKey;
        _expected = expected;
        _muxers = muxers;
        _maxEarlyMuxers = maxEarlyMuxers;
        _proven = proven;
        if (!initiator)
        {
            _payload = EncodePayload(muxers);
        }
    }

    /// <summary>Whether the remote has proven who it is and nothing more is to be said.</summary>
    public bool IsComplete => _handshake.IsComplete;

    /// <summary>Whether a message of this side is next.</summary>
    public bool IsMyTurn => _handshake.IsMyTurn;

    /// <summary>Bytes of the next message of this side, with its length.</summary>
    public int NextSize => FrameHeader + _handshake.Overhead + _payload.Length;

    /// <summary>The remote's proven key. Of use once complete.</summary>
    public PublicKey RemoteKey => _remoteKey ?? throw new InvalidOperationException("The handshake is not complete.");

    /// <summary>The muxer agreed on; null: it is to be negotiated.</summary>
    public ProtocolId? EarlyMuxer { get; private set; }

    /// <summary>Finds the first whole message in what was received.</summary>
    public static bool TryReadFrame(in ReadOnlySequence<byte> received, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (received.Length < FrameHeader)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[FrameHeader];
        received.Slice(0, FrameHeader).CopyTo(header);
        int length = BinaryPrimitives.ReadUInt16BigEndian(header);
        if (received.Length < FrameHeader + length)
        {
            return false;
        }

        message = received.Slice(FrameHeader, length);
        return true;
    }

    /// <summary>Writes the next message of this side, <see cref="NextSize"/> bytes.</summary>
    /// <exception cref="SecureChannelException">The remote's key is not usable.</exception>
    public void WriteNext(Span<byte> destination)
    {
        var size = NextSize - FrameHeader;
        if (size > NoiseHandshake.MaxMessageSize)
        {
            throw new SecureChannelException($"The Noise handshake payload is too long: a message of {size} bytes, of at most {NoiseHandshake.MaxMessageSize}. Offer fewer muxers.");
        }

        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)size);
        _handshake.WriteMessage(_payload, destination.Slice(FrameHeader, size));
    }

    /// <summary>Takes the remote's next message, without its length.</summary>
    /// <exception cref="PeerIdMismatchException">The remote proved to be somebody else.</exception>
    /// <exception cref="SecureChannelException">The message, or the identity in it, is not valid.</exception>
    public void HandleMessage(ReadOnlySpan<byte> message)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Math.Max(1, message.Length));
        var length = 0;
        try
        {
            length = _handshake.ReadMessage(message, rented);

            // The first message has no secrecy yet: what it carries is ignored.
            if (_initiator || _handshake.IsComplete)
            {
                HandlePayload(rented.AsSpan(0, length));
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(rented.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>The ciphers of the connection. Once, after completion.</summary>
    public NoiseCiphers Split() => _handshake.Split();

    public void Dispose() => _handshake.Dispose();

    private void HandlePayload(ReadOnlySpan<byte> bytes)
    {
        if (!NoiseHandshakePayload.TryParse(bytes, out var payload, out var error))
        {
            throw new SecureChannelException(error == WireError.TooManyElements ? TooManyMuxers(NoiseOptions.MostEarlyMuxers) : $"The remote's Noise handshake payload is not valid ({error}).");
        }

        _remoteKey = Identify(payload, _handshake.RemoteStatic);
        if (_expected is { } expected && !expected.Matches(_remoteKey))
        {
            throw new PeerIdMismatchException(expected, _remoteKey.PeerId);
        }

        EarlyMuxer = Choose(payload.Extensions?.StreamMuxers ?? []);
        if (_initiator)
        {
            _payload = EncodePayload(EarlyMuxer is null ? [] : [EarlyMuxer]);
        }
    }

    private PublicKey Identify(NoiseHandshakePayload payload, ReadOnlySpan<byte> staticKey)
    {
        if (payload.IdentityKey is not { } identity || payload.IdentitySig is not { } signature)
        {
            throw new SecureChannelException("The remote did not say who it is: its Noise handshake payload lacks the identity key or the signature.");
        }

        if (_proven?.Find(staticKey, identity.Span, signature.Span) is { } known)
        {
            return known;
        }

        PublicKey key;
        try
        {
            key = PublicKey.FromProtobuf(identity.Span);
        }
        catch (KeyFormatException e)
        {
            throw new SecureChannelException($"The remote's identity key cannot be used: {e.Message}", e);
        }

        if (!NoiseStaticKey.Verify(key, staticKey, signature.Span))
        {
            throw new SecureChannelException($"The remote claims to be {key.PeerId}, but the signature over its Noise key is not that key's.");
        }

        _proven?.Add(staticKey, key, signature.Span);
        return key;
    }

    private ProtocolId? Choose(List<string> theirs)
    {
        if (theirs.Count > _maxEarlyMuxers)
        {
            throw new SecureChannelException(TooManyMuxers(_maxEarlyMuxers));
        }

        return _initiator
            ? _muxers.FirstOrDefault(mine => theirs.Contains(mine.Value))
            : theirs.Select(name => _muxers.FirstOrDefault(mine => mine.Value == name)).FirstOrDefault(static mine => mine is not null);
    }

    private static string TooManyMuxers(int limit) =>
        $"The remote offers more than {limit} muxers ({nameof(NoiseOptions)}.{nameof(NoiseOptions.MaxEarlyMuxers)}).";

    private byte[] EncodePayload(ImmutableArray<ProtocolId> muxers)
    {
        var payload = new NoiseHandshakePayload { IdentityKey = _static.IdentityKey, IdentitySig = _static.Signature };
        if (!muxers.IsEmpty)
        {
            payload.Extensions = new NoiseExtensions();
            payload.Extensions.StreamMuxers.AddRange(muxers.Select(static muxer => muxer.Value));
        }

        var bytes = new byte[payload.GetSize()];
        payload.Write(bytes);
        return bytes;
    }
}
