namespace Libp2p;

/// <summary>A limit of this node refused a reservation; the denial says which limit, its use, and the option that changes it.</summary>
public sealed class ResourceLimitException(ResourceDenial denial) : Libp2pException(denial.ToString())
{
    /// <summary>What was refused, and why.</summary>
    public ResourceDenial Denial { get; } = denial;

    /// <inheritdoc/>
    public override ConnectionLayer Layer => ConnectionLayer.Resources;
}
