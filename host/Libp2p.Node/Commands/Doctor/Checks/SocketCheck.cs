using System.Globalization;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands.Doctor.Checks;

/// <summary>How sockets are set on this machine: what bounds throughput, and what a listener needs.</summary>
internal sealed class SocketCheck(Machine machine, SocketProbe probe) : ICheck
{
    /// <summary>4 MiB of window fill 1 Gbit/s over 30 ms.</summary>
    private const long TcpWindow = 4 << 20;

    /// <summary>What transports over UDP ask for (quic-go and quinn warn below).</summary>
    private const long DatagramBuffer = 7_500_000;

    private const long Backlog = 512;
    private const long Ports = 16_384;

    public string Section => "sockets";

    public IEnumerable<Finding> Check()
    {
        yield return probe.ContinuesInline
            ? Finding.Ok("completions", $"inline: a socket's reader goes on where it was polled, by {probe.PollingThreads} threads")
            : Finding.Note("completions", "by the thread pool: this runtime has no switch for inline ones", "Use the .NET version that this program was built for.");
        yield return probe.PortReuse is null
            ? Finding.Ok("port reuse", "a dial may leave from a port that is listened on (SO_REUSEPORT)")
            : Finding.Note("port reuse", $"dials leave from ports of their own: {probe.PortReuse}", "Allow SO_REUSEPORT; without it other peers see this node at ports where nobody listens.");
        if (Window("tcp receive", "net.ipv4.tcp_rmem") is { } receive) yield return receive;
        if (Window("tcp send", "net.ipv4.tcp_wmem") is { } send) yield return send;
        if (Datagrams("udp receive", "net.core.rmem_max") is { } udpReceive) yield return udpReceive;
        if (Datagrams("udp send", "net.core.wmem_max") is { } udpSend) yield return udpSend;
        switch (machine.Setting("net.ipv4.tcp_congestion_control"))
        {
            case null: break;
            case "bbr":
                yield return Finding.Note("congestion", "bbr: good over the internet, a third of the throughput over loopback", "To measure over loopback, on both sides: sysctl -w net.ipv4.tcp_congestion_control=reno");
                break;
            case var control:
                yield return Finding.Ok("congestion", control);
                break;
        }

        if (machine.Number("net.core.somaxconn") is { } backlog)
        {
            yield return backlog >= Backlog
                ? Finding.Ok("backlog", Invariant($"up to {backlog} connections may wait to be accepted"))
                : Finding.Note("backlog", Invariant($"only {backlog} connections may wait to be accepted"), "sysctl -w net.core.somaxconn=4096");
        }

        if (machine.Number("net.ipv4.ip_local_port_range") is { } first && machine.Number("net.ipv4.ip_local_port_range", 1) is { } last)
        {
            yield return last - first + 1 >= Ports
                ? Finding.Ok("local ports", Invariant($"{last - first + 1} to dial from"))
                : Finding.Note("local ports", Invariant($"only {last - first + 1} to dial from"), "sysctl -w net.ipv4.ip_local_port_range='32768 60999'");
        }
    }

    private Finding? Window(string subject, string setting) => machine.Number(setting, -1) is not { } most ? null : most >= TcpWindow
        ? Finding.Ok(subject, $"buffers grow up to {TerminalText.Bytes(most)}")
        : Finding.Note(subject, $"buffers grow up to {TerminalText.Bytes(most)} only: a long, fast line is not filled", $"sysctl -w {setting}='4096 131072 {6 << 20}'");

    private Finding? Datagrams(string subject, string setting) => machine.Number(setting) is not { } most ? null : most >= DatagramBuffer
        ? Finding.Ok(subject, $"buffers of up to {TerminalText.Bytes(most)}")
        : Finding.Note(subject, $"buffers of up to {TerminalText.Bytes(most)}: transports over UDP lose packets under load", Invariant($"sysctl -w {setting}={DatagramBuffer}"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
