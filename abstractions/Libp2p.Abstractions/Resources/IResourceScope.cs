using System.Diagnostics.CodeAnalysis;

namespace Libp2p;

/// <summary>How soon a reservation is refused under pressure.</summary>
public enum ReservationPriority
{
    /// <summary>Optional: refused where a scope is more than 60 % full (a larger window, a prefetch).</summary>
    Low,

    /// <summary>Ordinary: refused where a scope is more than 90 % full.</summary>
    Medium,

    /// <summary>What the protocol cannot do without: refused where a scope is full.</summary>
    High,
}

/// <summary>
/// What one owner (a connection, a stream) has reserved. Disposing returns everything. Thread-safe; a reservation takes no lock and allocates nothing unless it is refused.
/// </summary>
public interface IResourceScope : IDisposable
{
    /// <summary>Bytes reserved now.</summary>
    long Reserved { get; }

    /// <summary>How full the node is; who holds memory that it can do without gives it back from <see cref="ResourcePressure.Shrink"/> on. Cheap.</summary>
    ResourcePressure Pressure { get; }

    /// <summary>Reserves bytes in this scope and all that enclose it, or in none.</summary>
    bool TryReserve(long bytes, ReservationPriority priority, [NotNullWhen(false)] out ResourceDenial? why);

    /// <summary>Returns bytes reserved here.</summary>
    void Release(long bytes);
}
