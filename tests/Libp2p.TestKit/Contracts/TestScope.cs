using System.Diagnostics.CodeAnalysis;

namespace Libp2p.TestKit;

/// <summary>A resource scope that a test reads: what is reserved now, the most that ever was, and whether it was disposed.</summary>
/// <param name="limit">The most that may be reserved, in bytes.</param>
public sealed class TestScope(long limit = long.MaxValue) : IResourceScope
{
    private readonly Lock _gate = new();
    private long _reserved;
    private long _most;

    /// <inheritdoc/>
    public long Reserved { get { lock (_gate) return _reserved; } }

    /// <summary>What a test says.</summary>
    public ResourcePressure Pressure { get; set; }

    /// <summary>The most that was ever reserved, in bytes.</summary>
    public long Most { get { lock (_gate) return _most; } }

    /// <inheritdoc/>
    public bool TryReserve(long bytes, ReservationPriority priority, [NotNullWhen(false)] out ResourceDenial? why)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        lock (_gate)
        {
            why = _reserved + bytes > limit ? new ResourceDenial("test", bytes, _reserved, limit, nameof(limit)) : null;
            if (why is not null) return false;
            _reserved += bytes;
            _most = Math.Max(_most, _reserved);
            return true;
        }
    }

    /// <inheritdoc/>
    public void Release(long bytes)
    {
        lock (_gate)
        {
            _reserved -= bytes;
            if (_reserved < 0) throw new InvalidOperationException("More was released than was reserved.");
        }
    }

    /// <summary>Returns everything.</summary>
    public void Dispose()
    {
        lock (_gate) _reserved = 0;
    }
}
