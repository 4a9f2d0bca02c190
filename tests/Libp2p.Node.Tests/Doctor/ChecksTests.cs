using System.Net;
using Libp2p.Node.Commands.Doctor;
using Libp2p.Node.Commands.Doctor.Checks;
using Libp2p.Swarm;
using Microsoft.Extensions.Time.Testing;

namespace Libp2p.Node.Tests.Doctor;

/// <summary>What the checks make of machines that are not this one.</summary>
public sealed class ChecksTests
{
    private static readonly SocketProbe Probe = new(
        ContinuesInline: true, PollingThreads: 2, PortReuse: null, Ipv4: null, Ipv6: null, [("eth0", [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")])]);

    private static readonly Dictionary<string, string> Tuned = new()
    {
        ["/proc/sys/net/ipv4/tcp_rmem"] = "4096\t131072\t6291456\n",
        ["/proc/sys/net/ipv4/tcp_wmem"] = "4096\t16384\t4194304\n",
        ["/proc/sys/net/core/rmem_max"] = "8000000\n",
        ["/proc/sys/net/core/wmem_max"] = "7500000\n",
        ["/proc/sys/net/ipv4/tcp_congestion_control"] = "cubic\n",
        ["/proc/sys/net/core/somaxconn"] = "4096\n",
        ["/proc/sys/net/ipv4/ip_local_port_range"] = "32768\t60999\n",
        ["/proc/self/limits"] = Limits("1048576", "1048576"),
    };

    [Fact]
    public void A_tuned_machine_is_well()
    {
        var findings = new SocketCheck(MachineOf(Tuned), Probe).Check().ToList();
        findings.ShouldAllBe(f => f.Level == FindingLevel.Ok && f.Remedy == null);
        findings.Select(f => f.Subject).ShouldBe(["completions", "port reuse", "tcp receive", "tcp send", "udp receive", "udp send", "congestion", "backlog", "local ports"]);
    }

    [Fact]
    public void A_machine_that_tells_nothing_is_taken_as_it_is() =>
        new SocketCheck(MachineOf([]), Probe).Check().Select(f => (f.Subject, f.Level)).ShouldBe([("completions", FindingLevel.Ok), ("port reuse", FindingLevel.Ok)]);

    [Theory]
    [InlineData("net/ipv4/tcp_rmem", "4096\t131072\t212992", "tcp receive", "net.ipv4.tcp_rmem=")]
    [InlineData("net/ipv4/tcp_wmem", "4096 16384 4194303", "tcp send", "net.ipv4.tcp_wmem=")]
    [InlineData("net/core/rmem_max", "212992", "udp receive", "net.core.rmem_max=7500000")]
    [InlineData("net/core/wmem_max", "212992", "udp send", "net.core.wmem_max=7500000")]
    [InlineData("net/ipv4/tcp_congestion_control", "bbr", "congestion", "reno")]
    [InlineData("net/core/somaxconn", "128", "backlog", "net.core.somaxconn=")]
    [InlineData("net/ipv4/ip_local_port_range", "50000\t50999", "local ports", "ip_local_port_range=")]
    public void A_setting_that_is_too_small_is_worth_a_note(string setting, string value, string subject, string remedy)
    {
        var finding = new SocketCheck(MachineOf(new(Tuned) { ["/proc/sys/" + setting] = value }), Probe).Check().Single(f => f.Level != FindingLevel.Ok);
        finding.Subject.ShouldBe(subject);
        finding.Level.ShouldBe(FindingLevel.Note);
        finding.Remedy.ShouldNotBeNull().ShouldContain(remedy);
    }

    [Fact]
    public void What_sockets_cannot_do_is_worth_a_note()
    {
        var findings = new SocketCheck(MachineOf(Tuned), Probe with { ContinuesInline = false, PortReuse = "in use" }).Check().Where(f => f.Level == FindingLevel.Note);
        findings.Select(f => f.Subject).ShouldBe(["completions", "port reuse"]);
    }

    [Theory]
    [InlineData("1280", FindingLevel.Ok)]
    [InlineData("unlimited", FindingLevel.Ok)]
    [InlineData("1279", FindingLevel.Note)]
    [InlineData("255", FindingLevel.Problem)]
    public void Descriptors_are_judged_by_the_connections_that_may_be_open(string soft, FindingLevel level)
    {
        var machine = MachineOf(new() { ["/proc/self/limits"] = Limits(soft, "4096") });
        new LimitsCheck(machine, new SwarmOptions { Resources = { MaxConnections = 1024 } }, 2, long.MaxValue).Check().Single(f => f.Subject == "descriptors").Level.ShouldBe(level);
    }

    [Fact]
    public void A_budget_beyond_the_memory_there_is_is_a_problem()
    {
        var options = new SwarmOptions();
        options.Resources.Memory = 2L << 30;
        var finding = new LimitsCheck(MachineOf([]), options, 2, 1L << 30).Check().Single(f => f.Level == FindingLevel.Problem);
        finding.Text.ShouldBe("connections may reserve 2.0 GiB of 1.0 GiB that there are");
        finding.Remedy.ShouldNotBeNull().ShouldContain("Resources:Memory");
    }

    [Theory]
    [InlineData("memory.max", "536870912", " (control group: 512 MiB)")]
    [InlineData("memory.max", "max", "")]
    [InlineData("memory/memory.limit_in_bytes", "536870912", " (control group: 512 MiB)")]
    [InlineData("memory/memory.limit_in_bytes", "9223372036854771712", " (control group: no limit)")]
    public void The_control_group_s_memory_is_told(string file, string content, string expected)
    {
        var findings = new LimitsCheck(MachineOf(new() { ["/sys/fs/cgroup/" + file] = content }), new SwarmOptions(), 2, 1L << 40).Check();
        findings.Single(f => f.Subject == "memory").Text.ShouldStartWith($"1.0 TiB to use{expected}, of which");
    }

    [Fact]
    public void Without_ipv6_or_any_card_there_is_something_to_know()
    {
        new NetworkCheck(Probe).Check().ShouldAllBe(f => f.Level == FindingLevel.Ok);
        Notes(Probe with { Ipv6 = "address family not supported" }).ShouldBe(["IPv6"]);
        Notes(Probe with { Cards = [("eth0", [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("fe80::1")])] }).ShouldBe(["IPv6"]);
        Notes(Probe with { Cards = [("lo", [IPAddress.Loopback, IPAddress.IPv6Loopback])] }).ShouldBe(["interfaces", "IPv4", "IPv6"]);

        static IEnumerable<string> Notes(SocketProbe probe) => new NetworkCheck(probe).Check().Where(f => f.Level == FindingLevel.Note).Select(f => f.Subject);
    }

    [Fact]
    public void A_clock_from_before_the_installation_is_a_problem()
    {
        var installed = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);
        Level(installed.AddYears(1)).ShouldBe(FindingLevel.Ok);
        Level(installed.AddHours(-23)).ShouldBe(FindingLevel.Ok);
        Level(installed.AddHours(-25)).ShouldBe(FindingLevel.Problem);

        FindingLevel Level(DateTimeOffset now) => new ClockCheck(new FakeTimeProvider(now), installed).Check().Single().Level;
    }

    private static Machine MachineOf(Dictionary<string, string> files) => new(path => files.GetValueOrDefault(path));

    private static string Limits(string soft, string hard) =>
        $"""
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             unlimited            unlimited            processes
        Max open files            {soft,-20} {hard,-20} files
        Max locked memory         65536                65536                bytes
        """;
}
