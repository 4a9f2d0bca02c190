using System.Net;
using System.Net.Sockets;

namespace Libp2p.Node.Commands.Doctor.Checks;

/// <summary>Whether other machines can be reached at all, and over what.</summary>
internal sealed class NetworkCheck(SocketProbe probe) : ICheck
{
    public string Section => "network";

    public IEnumerable<Finding> Check()
    {
        foreach (var (name, addresses) in probe.Cards) yield return Finding.Ok(name, string.Join(", ", addresses));
        var outward = probe.Cards.SelectMany(card => card.Addresses).Where(address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal).ToList();
        if (outward.Count == 0) yield return Finding.Note("interfaces", "none but loopback: no other machine can be reached", "Connect this machine, or give the container a network.");
        yield return Judge("IPv4", probe.Ipv4, outward.Exists(address => address.AddressFamily == AddressFamily.InterNetwork));
        yield return Judge("IPv6", probe.Ipv6, outward.Exists(address => address.AddressFamily == AddressFamily.InterNetworkV6));
    }

    private static Finding Judge(string family, string? broken, bool outward) => (broken, outward) switch
    {
        (not null, _) => Finding.Note(family, $"switched off here: {broken}", $"Peers that have {family} only cannot be reached; switch it on in the system if they should be."),
        (null, false) => Finding.Note(family, "within this machine only", $"Peers that have {family} only cannot be reached; give this machine an address if they should be."),
        _ => Finding.Ok(family, "works"),
    };
}
