using System.Diagnostics.CodeAnalysis;
using System.Text;
using Libp2p.Multiformats;
using Libp2p.Wire;

namespace Libp2p;

/// <summary>
/// A payload with the key that signed it, and what kind of payload it is (libp2p RFC 0002). The signature also covers a domain that is not sent, so that what was signed
/// for one purpose means nothing to another. Whoever holds one holds a valid one. Immutable and thread-safe.
/// </summary>
public sealed class SignedEnvelope
{
    /// <summary>The longest envelope, in bytes of its protobuf form.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>The longest payload type, in bytes.</summary>
    public const int MaxPayloadTypeLength = 256;

    private readonly byte[] _encoded;

    private SignedEnvelope(PublicKey signer, ReadOnlyMemory<byte> payloadType, ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte> signature, byte[] encoded) =>
        (Signer, PayloadType, Payload, Signature, _encoded) = (signer, payloadType, payload, signature, encoded);

    /// <summary>Whose signature it is.</summary>
    public PublicKey Signer { get; }

    /// <summary>What the payload is: a multicodec as a varint, or a path.</summary>
    public ReadOnlyMemory<byte> PayloadType { get; }

    /// <summary>The payload.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>The signature; its form is that of the signer's key type.</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>The protobuf form: as it was read, or as it is to be sent.</summary>
    public ReadOnlyMemory<byte> Encoded => _encoded;

    /// <summary>Signs a payload.</summary>
    /// <param name="key">Signs.</param>
    /// <param name="domain">What it is signed for, as <c>libp2p-peer-record</c>. Not empty.</param>
    /// <param name="payloadType">What the payload is, in at most <see cref="MaxPayloadTypeLength"/> bytes. Not empty.</param>
    /// <param name="payload">The payload.</param>
    /// <exception cref="ArgumentException">An empty domain, an empty or too long payload type, or more bytes than <see cref="MaxLength"/>.</exception>
    public static SignedEnvelope Seal(PrivateKey key, string domain, ReadOnlySpan<byte> payloadType, ReadOnlySpan<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrEmpty(domain);
        if (payloadType.Length is 0 or > MaxPayloadTypeLength) throw new ArgumentException($"A payload type has 1 to {MaxPayloadTypeLength} bytes.", nameof(payloadType));
        var signature = key.Sign(ToSign(domain, payloadType, payload));
        var message = new Wire.Schemas.Envelope
        {
            PublicKey = new() { Type = (Wire.Schemas.KeyType)key.Type, Data = key.PublicKey.Data },
            PayloadType = payloadType.ToArray(),
            Payload = payload.ToArray(),
            Signature = signature,
        };
        if (message.GetSize() > MaxLength) throw new ArgumentException($"The envelope would have {message.GetSize()} bytes, more than {MaxLength}.", nameof(payload));
        return new(key.PublicKey, message.PayloadType, message.Payload, signature, message.ToArray());
    }

    /// <summary>Reads an envelope and checks its signature.</summary>
    /// <param name="bytes">The protobuf form; copied.</param>
    /// <param name="domain">What it must have been signed for. Not empty.</param>
    /// <exception cref="RecordException">Malformed, or the signature is not the signer's over this payload and domain.</exception>
    public static SignedEnvelope Open(ReadOnlySpan<byte> bytes, string domain) =>
        TryOpen(bytes, domain, out var envelope, out var error) ? envelope : throw new RecordException(error);

    /// <summary>Reads an envelope and checks its signature and the kind of its payload.</summary>
    /// <param name="bytes">The protobuf form; copied.</param>
    /// <param name="domain">What it must have been signed for. Not empty.</param>
    /// <param name="payloadType">What the payload must be.</param>
    /// <exception cref="RecordException">Malformed, of another payload type, or the signature is not the signer's over this payload and domain.</exception>
    public static SignedEnvelope Open(ReadOnlySpan<byte> bytes, string domain, ReadOnlySpan<byte> payloadType)
    {
        ArgumentException.ThrowIfNullOrEmpty(domain);
        var envelope = Decode(bytes);
        if (!envelope.PayloadType.Span.SequenceEqual(payloadType)) throw new RecordException("The envelope holds a payload of another type.");
        return envelope.IsSignedFor(domain) ? envelope : throw new RecordException(WrongSignature);
    }

    /// <summary>Reads an envelope and checks its signature; false with the reason where <see cref="Open(ReadOnlySpan{byte}, string)"/> throws.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> bytes, string domain, [NotNullWhen(true)] out SignedEnvelope? envelope, [NotNullWhen(false)] out string? error)
    {
        ArgumentException.ThrowIfNullOrEmpty(domain);
        if (TryDecode(bytes, out envelope, out error))
        {
            if (envelope.IsSignedFor(domain)) return true;
            error = WrongSignature;
        }

        envelope = null;
        return false;
    }

    /// <summary>Reads an envelope without looking at its signature: not to be handed out before <see cref="IsSignedFor"/> has said yes.</summary>
    internal static SignedEnvelope Decode(ReadOnlySpan<byte> bytes) => TryDecode(bytes, out var envelope, out var error) ? envelope : throw new RecordException(error);

    /// <summary>Whether the signature is the signer's over this payload and that domain.</summary>
    internal bool IsSignedFor(string domain) => Signer.Verify(ToSign(domain, PayloadType.Span, Payload.Span), Signature.Span);

    private const string WrongSignature = "The signature of the envelope is not its signer's over this payload and domain.";

    private static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SignedEnvelope? envelope, [NotNullWhen(false)] out string? error)
    {
        envelope = null;
        if (!Wire.Schemas.Envelope.View.TryParse(bytes, out var view, out var wireError))
        {
            error = $"Not a signed envelope: {new WireFormatException(wireError, "envelope").Message}.";
            return false;
        }

        if (!view.HasPublicKey)
        {
            error = "The envelope has no key.";
            return false;
        }

        try
        {
            var signer = PublicKey.FromData((KeyType)view.PublicKey.Type, view.PublicKey.Data);
            envelope = new(signer, view.PayloadType.ToArray(), view.Payload.ToArray(), view.Signature.ToArray(), bytes.ToArray());
        }
        catch (KeyFormatException e)
        {
            error = e.Message;
            return false;
        }

        error = null;
        return true;
    }

    // Domain, payload type and payload, each behind its length, so that none can borrow bytes of the next.
    private static byte[] ToSign(string domain, ReadOnlySpan<byte> payloadType, ReadOnlySpan<byte> payload)
    {
        var domainLength = Encoding.UTF8.GetByteCount(domain);
        var length = UnsignedVarint.GetLength((ulong)domainLength) + domainLength
            + UnsignedVarint.GetLength((ulong)payloadType.Length) + payloadType.Length
            + UnsignedVarint.GetLength((ulong)payload.Length) + payload.Length;
        var bytes = new byte[length];
        var at = UnsignedVarint.Write(bytes, (ulong)domainLength);
        at += Encoding.UTF8.GetBytes(domain, bytes.AsSpan(at));
        at += UnsignedVarint.Write(bytes.AsSpan(at), (ulong)payloadType.Length);
        payloadType.CopyTo(bytes.AsSpan(at));
        at += payloadType.Length;
        at += UnsignedVarint.Write(bytes.AsSpan(at), (ulong)payload.Length);
        payload.CopyTo(bytes.AsSpan(at));
        return bytes;
    }
}
