using System.Text;
using Libp2p.Wire;

namespace Libp2p;

/// <content>Creation, as the specification's section "Record Creation" says.</content>
public sealed partial class IpnsRecord
{
    /// <summary>Signs a record that points to a path.</summary>
    /// <inheritdoc cref="Create(PrivateKey, ReadOnlySpan{byte}, ulong, DateTimeOffset, TimeSpan?, bool)"/>
    public static IpnsRecord Create(PrivateKey key, string value, ulong sequence, DateTimeOffset validUntil, TimeSpan? timeToLive = null, bool withOlderForm = true)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Create(key, Encoding.UTF8.GetBytes(value), sequence, validUntil, timeToLive, withOlderForm);
    }

    /// <summary>Signs a record.</summary>
    /// <param name="key">Signs; its peer id is the name.</param>
    /// <param name="value">What the name shall point to.</param>
    /// <param name="sequence">Higher than that of the record before.</param>
    /// <param name="validUntil">When it expires.</param>
    /// <param name="timeToLive">How long resolvers may keep it; not negative, at most 292 years. <see cref="DefaultTimeToLive"/> when null.</param>
    /// <param name="withOlderForm">Whether the first version's fields and signature are written beside the second's, for readers that know no other. Default true.</param>
    /// <exception cref="ArgumentException">The record would have more than <see cref="MaxLength"/> bytes, or a time is out of range.</exception>
    public static IpnsRecord Create(PrivateKey key, ReadOnlySpan<byte> value, ulong sequence, DateTimeOffset validUntil, TimeSpan? timeToLive = null, bool withOlderForm = true)
    {
        ArgumentNullException.ThrowIfNull(key);
        var keep = timeToLive ?? DefaultTimeToLive;
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, TimeSpan.Zero, nameof(timeToLive));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keep, TimeSpan.FromTicks(long.MaxValue / IpnsData.NanosecondsPerTick), nameof(timeToLive));
        if (value.Length > MaxLength) throw new ArgumentException($"An IPNS record has at most {MaxLength} bytes; its value alone has {value.Length}.", nameof(value));
        var data = new IpnsData(value, IpnsTime.Of(validUntil), sequence, (ulong)keep.Ticks * IpnsData.NanosecondsPerTick);
        var signed = data.ToCbor();
        var entry = new Wire.Schemas.IpnsEntry { SignatureV2 = key.Sign(ToSign(signed)), Data = signed };
        if (!key.PublicKey.PeerId.TryGetPublicKey(out _)) entry.PubKey = key.PublicKey.Protobuf;
        if (withOlderForm)
        {
            entry.Value = value.ToArray();
            entry.Validity = data.ValidityBytes.ToArray();
            entry.ValidityType = 0;
            entry.Sequence = sequence;
            entry.Ttl = data.Nanoseconds;
            entry.SignatureV1 = key.Sign([.. value, .. data.ValidityBytes, .. "EOL"u8]);
        }

        if (entry.GetSize() > MaxLength) throw new ArgumentException($"The IPNS record would have {entry.GetSize()} bytes, more than {MaxLength}.", nameof(value));
        return new(key.PublicKey, data, entry.ToArray());
    }
}
