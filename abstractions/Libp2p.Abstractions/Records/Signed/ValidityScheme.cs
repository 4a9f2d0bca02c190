using System.Diagnostics.CodeAnalysis;

namespace Libp2p;

/// <summary>
/// How the validity of signed records is told, and which of two is the better: one of the example schemes of IPRS (libp2p/specs, <c>_archive/IPRS.md</c>), or one's own. Immutable and thread-safe.
/// </summary>
public abstract class ValidityScheme
{
    /// <summary>Valid from <see cref="SignedRecord.ValidFrom"/> to <see cref="SignedRecord.ValidUntil"/>. The one that is valid longer is the better.</summary>
    public static ValidityScheme TimeRange { get; } = new TimeRangeScheme();

    /// <summary>
    /// A chain in which each record names the one before it: the record that follows another is better than that one, and the longer of two chains better than the shorter. Time has no part in it.
    /// </summary>
    public static ValidityScheme Ancestry { get; } = new AncestryScheme();

    /// <summary>Valid for <see cref="SignedRecord.TimeToLive"/> after this node received it, as names are in DNS.</summary>
    /// <param name="most">The longest, and what counts where a record does not say. Positive.</param>
    public static ValidityScheme TimeToLive(TimeSpan most) => new TimeToLiveScheme(most);

    /// <summary>Valid for a while after it was signed, however it came here.</summary>
    /// <param name="window">For how long. Positive.</param>
    /// <param name="skew">How far ahead of this node's clock the signer's may be. Not negative.</param>
    public static ValidityScheme Freshness(TimeSpan window, TimeSpan skew) => new FreshnessScheme(window, skew);

    /// <summary>Whether a record whose signature is genuine is valid.</summary>
    /// <param name="record">The record.</param>
    /// <param name="received">When this node received it; now, where it arrives now.</param>
    /// <param name="now">The time.</param>
    /// <param name="why">Why not.</param>
    public abstract bool IsValid(SignedRecord record, DateTimeOffset received, DateTimeOffset now, [NotNullWhen(false)] out string? why);

    /// <summary>Positive: the first is the better; negative: the second; zero only for the same record. A total order over what does not follow each other directly.</summary>
    public int Compare(SignedRecord first, SignedRecord second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var order = CompareTerms(first, second);
        return order != 0 ? order : first.Hash.Span.SequenceCompareTo(second.Hash.Span);
    }

    /// <summary>As <see cref="Compare"/>, but zero where the scheme has no preference: the greater hash is taken then.</summary>
    protected abstract int CompareTerms(SignedRecord first, SignedRecord second);

    private sealed class TimeRangeScheme : ValidityScheme
    {
        public override bool IsValid(SignedRecord record, DateTimeOffset received, DateTimeOffset now, [NotNullWhen(false)] out string? why)
        {
            why = now < record.ValidFrom ? $"The record is not valid before {record.ValidFrom:O}."
                : now > record.ValidUntil ? $"The record was valid until {record.ValidUntil:O}."
                : null;
            return why is null;
        }

        protected override int CompareTerms(SignedRecord first, SignedRecord second)
        {
            var order = first.Sequence.CompareTo(second.Sequence);
            return order != 0 ? order : (first.ValidUntil ?? DateTimeOffset.MaxValue).CompareTo(second.ValidUntil ?? DateTimeOffset.MaxValue);
        }
    }

    private sealed class TimeToLiveScheme : ValidityScheme
    {
        private readonly TimeSpan _most;

        public TimeToLiveScheme(TimeSpan most)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(most, TimeSpan.Zero);
            _most = most;
        }

        public override bool IsValid(SignedRecord record, DateTimeOffset received, DateTimeOffset now, [NotNullWhen(false)] out string? why)
        {
            var life = record.TimeToLive is { } own && own < _most ? own : _most;
            why = now - received > life ? $"The record lived {life} after it was received at {received:O}." : null;
            return why is null;
        }

        protected override int CompareTerms(SignedRecord first, SignedRecord second) => first.Sequence.CompareTo(second.Sequence);
    }

    private sealed class AncestryScheme : ValidityScheme
    {
        public override bool IsValid(SignedRecord record, DateTimeOffset received, DateTimeOffset now, [NotNullWhen(false)] out string? why)
        {
            why = record.Sequence == 0 == record.Previous.IsEmpty ? null : "The record is at the start of a chain or names the one before it, not both.";
            return why is null;
        }

        protected override int CompareTerms(SignedRecord first, SignedRecord second)
        {
            if (first.Previous.Span.SequenceEqual(second.Hash.Span)) return 1;
            return second.Previous.Span.SequenceEqual(first.Hash.Span) ? -1 : first.Sequence.CompareTo(second.Sequence);
        }
    }

    private sealed class FreshnessScheme : ValidityScheme
    {
        private readonly TimeSpan _window;
        private readonly TimeSpan _skew;

        public FreshnessScheme(TimeSpan window, TimeSpan skew)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(window, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfLessThan(skew, TimeSpan.Zero);
            (_window, _skew) = (window, skew);
        }

        public override bool IsValid(SignedRecord record, DateTimeOffset received, DateTimeOffset now, [NotNullWhen(false)] out string? why)
        {
            why = record.SignedAt - now > _skew ? $"The record claims to be signed at {record.SignedAt:O}, which is to come."
                : now - record.SignedAt > _window ? $"The record was signed at {record.SignedAt:O}, longer than {_window} ago."
                : null;
            return why is null;
        }

        protected override int CompareTerms(SignedRecord first, SignedRecord second)
        {
            var order = first.SignedAt.CompareTo(second.SignedAt);
            return order != 0 ? order : first.Sequence.CompareTo(second.Sequence);
        }
    }
}
