namespace Libp2p;

/// <summary>How soon a reservation is refused under pressure.</summary>
public enum ReservationPriority
{
    /// <summary>Optional: refused first (a larger window, a prefetch).</summary>
    Low,

    /// <summary>Ordinary.</summary>
    Medium,

    /// <summary>What the protocol cannot do without.</summary>
    High,
}

/// <summary>Why a reservation was refused.</summary>
/// <param name="Scope">Which scope refused, as <c>connection</c>, <c>peer</c> or <c>node</c>.</param>
/// <param name="Requested">How much was asked for.</param>
/// <param name="Used">How much is in use in that scope.</param>
/// <param name="Limit">The limit.</param>
/// <param name="Option">The option that changes the limit.</param>
/// <param name="Unit">What is counted: bytes, connections, streams.</param>
public sealed record ResourceDenial(string Scope, long Requested, long Used, long Limit, string Option, string Unit = "bytes")
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Scope}: {Requested} {Unit} asked, {Used} of {Limit} in use. Raise {Option} to allow more.";
}

/// <summary>
/// What one owner (a connection, a stream) has reserved. Disposing returns everything. Thread-safe.
/// </summary>
public interface IResourceScope : IDisposable
{
    /// <summary>Bytes reserved now.</summary>
    long Reserved { get; }

    /// <summary>Reserves bytes in this scope and all that enclose it, or in none.</summary>
    bool TryReserve(long bytes, ReservationPriority priority, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out ResourceDenial? why);

    /// <summary>Returns bytes reserved here.</summary>
    void Release(long bytes);
}
