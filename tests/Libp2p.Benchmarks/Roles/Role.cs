using System.Net;
using Libp2p.Benchmarks.Roles.Ceiling;
using Libp2p.Benchmarks.Roles.Node;
using Libp2p.Benchmarks.Roles.Raw;
using Libp2p.Benchmarks.Roles.Usage;
using Libp2p.Benchmarks.Workloads;
using Libp2p.Multiformats;

namespace Libp2p.Benchmarks.Roles;

/// <summary>
/// What a process of a measurement does: <c>serve SIDE</c> prints its address and the port that tells what it uses, and ends with standard input;
/// <c>dial SIDE ADDRESS PORT WORKLOAD...</c> prints a sample.
/// </summary>
internal static class Role
{
    public const string Serve = "serve";
    public const string Dial = "dial";

    public static async Task<int> ServeAsync(string side)
    {
        Prepare(side);
        var address = side switch
        {
            Sides.Raw => RawServer.Start(),
            Sides.Ceiling => CeilingServer.Start(),
            Sides.Hop or Sides.Inline => await NodeServer.StartAsync(side == Sides.Inline).ConfigureAwait(false),
            _ => throw new ArgumentException($"no side {side}", nameof(side)),
        };
        Console.WriteLine($"{address} {UsageServer.Start()}");
        await Console.In.ReadToEndAsync().ConfigureAwait(false);
        return 0;
    }

    public static async Task<int> DialAsync(string side, string address, int port, IReadOnlyList<string> workload)
    {
        Prepare(side);
        using var usage = new UsageClient(port);
        IDialer dialer = side switch
        {
            Sides.Raw => new RawDialer(IPEndPoint.Parse(address), usage),
            Sides.Ceiling => new CeilingDialer(IPEndPoint.Parse(address), usage),
            Sides.Hop or Sides.Inline => new NodeDialer(Multiaddr.Parse(address), usage, side == Sides.Inline),
            _ => throw new ArgumentException($"no side {side}", nameof(side)),
        };
        Console.WriteLine((await dialer.MeasureAsync(Workload.Parse(workload)).ConfigureAwait(false)).ToLine());
        return 0;
    }

    /// <summary>Those without a node get what its sockets do: completions on the thread that polls. Before the first socket, or it is not seen.</summary>
    private static void Prepare(string side)
    {
        if (side is Sides.Raw or Sides.Ceiling) Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
    }
}

internal static class Sides
{
    public const string Raw = "raw";
    public const string Ceiling = "ceiling";

    /// <summary>A node as it is by default: one hop to whoever waits.</summary>
    public const string Hop = "ours";

    /// <summary>A node that continues inline.</summary>
    public const string Inline = "inline";
}
