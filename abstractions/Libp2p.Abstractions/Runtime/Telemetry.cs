namespace Libp2p;

/// <summary>Names under which metrics and traces are published.</summary>
public static class Telemetry
{
    /// <summary>The name of every meter of libp2p.</summary>
    public const string MeterName = "Libp2p";

    /// <summary>The name of every activity source of libp2p (dial, upgrade, stream).</summary>
    public const string ActivitySourceName = "Libp2p";
}
