using System.Diagnostics;
using System.Globalization;
using Libp2p.Benchmarks.Roles;
using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Contenders;

/// <summary>One of the programs here: a side that serves and one that dials, each in a process of its own.</summary>
/// <param name="name">Its name in the table.</param>
/// <param name="side">One of <see cref="Sides"/>.</param>
/// <param name="program">The benchmarks' own program, as it runs or as it was published.</param>
internal sealed class OwnContender(string name, string side, IReadOnlyList<string> program) : Contender(name)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>This program, run again.</summary>
    public static IReadOnlyList<string> ThisProgram { get; } =
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "Libp2p.Benchmarks.dll")] : [Environment.ProcessPath!];

    /// <summary>The node that is started with plugin folders.</summary>
    public string NodeProgram { get; init; } = PluginFolders.BuiltNode;

    public override bool Takes(Workload work) => work.Kind switch
    {
        WorkKind.Transfer => side != Sides.Ceiling || work.Connections == 1,
        WorkKind.RoundTrip => true,
        WorkKind.Streams => side != Sides.Ceiling && (side != Sides.Raw || work.Streams == 1),
        WorkKind.Handshakes or WorkKind.IdleConnections => side != Sides.Ceiling,
        WorkKind.IdleStreams or WorkKind.Fairness => side is Sides.Hop or Sides.Inline,
        WorkKind.Starvation or WorkKind.Dials => side is Sides.Hop,
        WorkKind.Start => side == Sides.Raw || (work.Folders == 0 ? side == Sides.Hop : Name == Ours && PluginFolders.AvailableFor(NodeProgram)),
        _ => false,
    };

    public override async Task<Sample> MeasureAsync(Workload work)
    {
        using var folders = work.Folders > 0 && Name == Ours ? new PluginFolders(NodeProgram, work.Folders) : null;
        var started = Stopwatch.GetTimestamp();
        await using var server = work.Kind == WorkKind.Start
            ? ChildProcess.StartTiered(folders?.Command ?? program, folders is null ? [Role.Serve, side] : [])
            : ChildProcess.Start(program, [Role.Serve, side], work.Pinned);
        var line = await server.ReadLineAsync(Patience).ConfigureAwait(false);
        if (work.Kind == WorkKind.Start) return new Sample { [Sample.Value] = Stopwatch.GetElapsedTime(started).TotalMilliseconds };
        var (address, usage) = line.Split(' ') is [var left, var right] ? (left, int.Parse(right, CultureInfo.InvariantCulture)) : throw new FormatException(line);
        return await DialAsync(program, side, address, usage, work).ConfigureAwait(false);
    }

    /// <summary>Dials an address with a side of this program.</summary>
    public static async Task<Sample> DialAsync(IReadOnlyList<string> program, string side, string address, int usage, Workload work)
    {
        await using var dialer = ChildProcess.Start(program, [Role.Dial, side, address, usage.ToString(CultureInfo.InvariantCulture), .. work.ToArguments()], work.Pinned);
        return Sample.Parse(await dialer.ReadLineAsync(Patience).ConfigureAwait(false));
    }
}
