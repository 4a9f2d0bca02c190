using System.Security.Cryptography;
using Libp2p.Wire;

namespace Libp2p;

/// <summary>
/// A value that its key's owner signed, with what its validity depends on: a record of IPRS (libp2p/specs, <c>_archive/IPRS.md</c>). It stands under <c>/namespace/</c> and the owner's multihash; what makes
/// it valid is the <see cref="ValidityScheme"/> of the namespace. IPRS fixes no encoding: this one is a signed envelope (RFC 0002). Immutable.
/// </summary>
public sealed class SignedRecord
{
    private const long NoTime = -1;

    private readonly SignedEnvelope _envelope;
    private readonly byte[] _hash;

    private SignedRecord(SignedEnvelope envelope, ReadOnlySpan<byte> payload)
    {
        _envelope = envelope;
        _hash = SHA256.HashData(envelope.Encoded.Span);
        var view = Wire.Schemas.SignedRecord.View.Parse(payload);
        Value = view.Value.ToArray();
        Sequence = view.Sequence;
        SignedAt = ToTime(view.SignedAt);
        ValidFrom = view.HasValidFrom ? ToTime(view.ValidFrom) : null;
        ValidUntil = view.HasValidUntil ? ToTime(view.ValidUntil) : null;
        TimeToLive = view.HasTimeToLive ? TimeSpan.FromMilliseconds(Math.Min(view.TimeToLive, (ulong)TimeSpan.MaxValue.TotalMilliseconds / 2)) : null;
        Previous = view.Previous.ToArray();
    }

    /// <summary>Who signed it.</summary>
    public PublicKey Signer => _envelope.Signer;

    /// <summary>The value.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    /// <summary>Higher replaces lower; zero starts a chain.</summary>
    public ulong Sequence { get; }

    /// <summary>When it was signed, as the signer says, to the millisecond.</summary>
    public DateTimeOffset SignedAt { get; }

    /// <summary>From when on it is valid; null: since ever.</summary>
    public DateTimeOffset? ValidFrom { get; }

    /// <summary>The last time at which it is valid; null: for ever.</summary>
    public DateTimeOffset? ValidUntil { get; }

    /// <summary>How long after receipt it is valid; null: the scheme's default.</summary>
    public TimeSpan? TimeToLive { get; }

    /// <summary>The <see cref="Hash"/> of the record before this one; empty: there was none.</summary>
    public ReadOnlyMemory<byte> Previous { get; }

    /// <summary>The sha2-256 of <see cref="Encoded"/>.</summary>
    public ReadOnlyMemory<byte> Hash => _hash;

    /// <summary>The record as it is stored and sent.</summary>
    public ReadOnlyMemory<byte> Encoded => _envelope.Encoded;

    private static ReadOnlySpan<byte> PayloadType => "/libp2p/iprs-record"u8;

    /// <summary>Signs a record.</summary>
    /// <param name="key">Signs; the record stands under its peer id.</param>
    /// <param name="namespace">The namespace; a record signed for one means nothing in another.</param>
    /// <param name="value">The value.</param>
    /// <param name="terms">What its validity depends on.</param>
    /// <exception cref="ArgumentException">More bytes than an envelope holds, or a time before 1970.</exception>
    public static SignedRecord Create(PrivateKey key, string @namespace, ReadOnlySpan<byte> value, SignedRecordTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var payload = new Wire.Schemas.SignedRecord
        {
            Value = value.ToArray(),
            Sequence = terms.Sequence,
            SignedAt = ToMilliseconds(terms.SignedAt),
            ValidFrom = terms.ValidFrom is { } from ? ToMilliseconds(from) : null,
            ValidUntil = terms.ValidUntil is { } until ? ToMilliseconds(until) : null,
            TimeToLive = terms.TimeToLive is { } ttl ? (ulong)Math.Max(0, ttl.TotalMilliseconds) : null,
            Previous = terms.Previous?.Hash ?? ReadOnlyMemory<byte>.Empty,
        }.ToArray();
        return new(SignedEnvelope.Seal(key, DomainOf(@namespace), PayloadType, payload), payload);
    }

    /// <summary>Reads a record and checks its signature.</summary>
    /// <param name="namespace">The namespace that it was found in.</param>
    /// <param name="bytes">The record; copied.</param>
    /// <exception cref="RecordException">Malformed, or not signed for this namespace.</exception>
    public static SignedRecord Open(string @namespace, ReadOnlySpan<byte> bytes)
    {
        var envelope = SignedEnvelope.Open(bytes, DomainOf(@namespace), PayloadType);
        if (!Wire.Schemas.SignedRecord.View.TryParse(envelope.Payload.Span, out var view, out var error))
        {
            var cause = new WireFormatException(error, "signed record");
            throw new RecordException($"Not a signed record: {cause.Message}.", cause);
        }

        if (view.Previous.Length is not (0 or SHA256.HashSizeInBytes)) throw new RecordException("The record before this one is named by no sha2-256.");
        if (ToInRange(view.SignedAt) == NoTime || (view.HasValidFrom && ToInRange(view.ValidFrom) == NoTime) || (view.HasValidUntil && ToInRange(view.ValidUntil) == NoTime))
        {
            throw new RecordException("A time of the signed record is out of range.");
        }

        return new(envelope, envelope.Payload.Span);
    }

    private static string DomainOf(string @namespace)
    {
        ArgumentException.ThrowIfNullOrEmpty(@namespace);
        return $"libp2p-record:/{@namespace}/";
    }

    private static ulong ToMilliseconds(DateTimeOffset time)
    {
        var milliseconds = time.ToUnixTimeMilliseconds();
        return milliseconds >= 0 ? (ulong)milliseconds : throw new ArgumentException($"{time} is before 1970.");
    }

    private static DateTimeOffset ToTime(ulong milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(ToInRange(milliseconds));

    private static long ToInRange(ulong milliseconds) => milliseconds <= (ulong)DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? (long)milliseconds : NoTime;
}

/// <summary>What the validity of a <see cref="SignedRecord"/> depends on; a scheme looks at what concerns it.</summary>
public sealed record SignedRecordTerms
{
    /// <summary>When it is signed.</summary>
    public required DateTimeOffset SignedAt { get; init; }

    /// <summary>Higher replaces lower.</summary>
    public ulong Sequence { get; init; }

    /// <summary>From when on it is valid; null: since ever.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>The last time at which it is valid; null: for ever.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>How long after receipt it is valid; null: the scheme's default.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>The record before this one.</summary>
    public SignedRecord? Previous { get; init; }
}
