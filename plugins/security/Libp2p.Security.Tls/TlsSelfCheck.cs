using System.Net.Security;

namespace Libp2p.Security.Tls;

/// <summary>Tells whether this machine has what the channel stands on.</summary>
internal sealed class TlsSelfCheck : ISelfCheck
{
    public IEnumerable<Finding> Check()
    {
        // Apple's own implementation, which the runtime uses there, ends at TLS 1.2.
        yield return OperatingSystem.IsMacOS() || OperatingSystem.IsIOS()
            ? Finding.Problem("TLS 1.3", $"{nameof(SslStream)} of this system may lack it", "Disable the plugin tls, or run the node on Linux or Windows.")
            : Finding.Ok("TLS 1.3", $"by {nameof(SslStream)} of the runtime {Environment.Version}");
    }
}
