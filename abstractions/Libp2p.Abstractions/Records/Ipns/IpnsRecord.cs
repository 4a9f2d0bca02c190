using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Libp2p;

/// <summary>
/// What a name points to (specs.ipfs.tech, IPNS record): a value, signed by the key whose peer id is the name, with a number that orders it among its predecessors and a time from which it is no longer valid.
/// Whoever holds one holds a genuine one, though it may have expired: <see cref="IsValidAt"/>. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// The second version of the signature alone counts. What the older version repeats outside of it must be the same, and is written as well unless asked otherwise.
/// </remarks>
public sealed partial class IpnsRecord
{
    /// <summary>Most bytes of a record.</summary>
    public const int MaxLength = 10 * 1024;

    /// <summary>How long resolvers may keep a record where its maker does not say: 5 minutes.</summary>
    public static readonly TimeSpan DefaultTimeToLive = TimeSpan.FromMinutes(5);

    private readonly byte[] _encoded;
    private readonly IpnsTime _validity;

    private IpnsRecord(PublicKey signer, IpnsData data, byte[] encoded)
    {
        Signer = signer;
        Value = data.Value.ToArray();
        Sequence = data.Sequence;
        TimeToLive = data.TimeToLive;
        _validity = data.Validity;
        _encoded = encoded;
    }

    /// <summary>Who signed it.</summary>
    public PublicKey Signer { get; }

    /// <summary>The name: the signer's peer id.</summary>
    public PeerId Name => Signer.PeerId;

    /// <summary>What the name points to; a path in UTF-8 by convention, such as <c>/ipfs/bafy...</c>.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    /// <summary><see cref="Value"/> as text; what is no UTF-8 reads as U+FFFD.</summary>
    public string ValueText => Encoding.UTF8.GetString(Value.Span);

    /// <summary>Higher replaces lower.</summary>
    public ulong Sequence { get; }

    /// <summary>When it expires, cut to 100 nanoseconds.</summary>
    public DateTimeOffset ValidUntil => _validity.Time;

    /// <summary>When it expires, as it was signed: RFC 3339, to the nanosecond.</summary>
    public string ValidityText => _validity.Text;

    /// <summary>How long resolvers may keep it before they ask again; zero where it does not say.</summary>
    public TimeSpan TimeToLive { get; }

    /// <summary>The protobuf form: as it was read, or as it is to be sent. At most <see cref="MaxLength"/> bytes.</summary>
    public ReadOnlyMemory<byte> Encoded => _encoded;

    /// <summary>Whether it has not expired.</summary>
    public bool IsValidAt(DateTimeOffset now) => now < ValidUntil || (now == ValidUntil && _validity.Beyond > 0);

    /// <summary>
    /// Which of two records is to be preferred: the one with the higher sequence number; of equal ones, the one that expires later; of those, the one whose bytes are the greater, so that all
    /// who have both keep the same.
    /// </summary>
    /// <returns>Positive: the first; negative: the second; zero: they are the same record.</returns>
    public static int Compare(IpnsRecord first, IpnsRecord second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var order = first.Sequence.CompareTo(second.Sequence);
        if (order == 0) order = first._validity.CompareTo(second._validity);
        return order != 0 ? order : first.Encoded.Span.SequenceCompareTo(second.Encoded.Span);
    }

    /// <summary>Reads a record and checks its signature; whether it has expired is <see cref="IsValidAt"/>'s to say.</summary>
    /// <param name="name">The name that it was found under.</param>
    /// <param name="bytes">The protobuf form; copied.</param>
    /// <exception cref="RecordException">Malformed, too long, without a signature of the second version, signed by another than the name's key, or with two different values of a field.</exception>
    public static IpnsRecord Open(PeerId name, ReadOnlySpan<byte> bytes) => TryOpen(name, bytes, out var record, out var error) ? record : throw new RecordException(error);

    /// <summary>Reads a record and checks its signature; false with the reason where <see cref="Open"/> throws.</summary>
    public static bool TryOpen(PeerId name, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out IpnsRecord? record, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(name);
        record = null;
        error = Read(name, bytes, out var signer, out var data);
        if (error is not null) return false;
        record = new(signer!, data, bytes.ToArray());
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"/ipns/{Name} -> {ValueText}, sequence {Sequence}, valid until {ValidityText}";
}
