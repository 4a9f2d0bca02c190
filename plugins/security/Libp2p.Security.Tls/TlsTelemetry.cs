using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Libp2p.Security.Tls;

/// <summary>How a handshake ended, as metrics and activities name it.</summary>
internal static class TlsOutcome
{
    public const string Ok = "ok";
    public const string WrongPeer = "wrong_peer";
    public const string Canceled = "canceled";
    public const string Failed = "failed";
}

internal static class TlsTelemetry
{
    private static readonly ActivitySource Activities = new(Telemetry.ActivitySourceName);
    private static readonly Meter Meter = new(Telemetry.MeterName);

    private static readonly Counter<long> Handshakes = Meter.CreateCounter<long>(
        "libp2p.tls.handshakes", "{handshake}", "TLS handshakes, by role and outcome.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "libp2p.tls.handshake.duration", "s", "How long TLS handshakes took, by role and outcome.");

    public static Activity? StartHandshake(UpgradeContext context) =>
        Activities.StartActivity("libp2p.tls.handshake")?.SetTag("libp2p.role", Name(context.Role));

    public static void Record(ConnectionRole role, string outcome, TimeSpan elapsed)
    {
        var tags = new TagList { { "role", Name(role) }, { "outcome", outcome } };
        Handshakes.Add(1, tags);
        Duration.Record(elapsed.TotalSeconds, tags);
    }

    private static string Name(ConnectionRole role) => role == ConnectionRole.Dialer ? "dialer" : "listener";
}
