using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Libp2p.Benchmarks.Roles;
using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Contenders;

/// <summary>
/// Another implementation's test peer, with itself: <c>serve</c> and <c>dial ADDR --do ACTION</c>, one JSON object a line (the README of the test peer).
/// </summary>
internal sealed class PeerContender(string name, IReadOnlyList<string> command) : Contender(name)
{
    private const double MiB = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public override bool Takes(Workload work) => work.Kind switch
    {
        WorkKind.Transfer => work.Connections == 1,
        WorkKind.Streams => work.Streams == 1,
        WorkKind.IdleStreams or WorkKind.Starvation or WorkKind.Dials => false,
        WorkKind.Fairness => work.Down,
        _ => true,
    };

    public override async Task<Sample> MeasureAsync(Workload work)
    {
        var started = Stopwatch.GetTimestamp();
        await using var server = ChildProcess.Start(command, ["serve", "--bench", .. Stack, "--block", Text(work.Block)], work.Pinned);
        using var listening = JsonDocument.Parse(await server.ReadLineAsync(Patience).ConfigureAwait(false));
        if (work.Kind == WorkKind.Start) return new Sample { [Sample.Value] = Stopwatch.GetElapsedTime(started).TotalMilliseconds };
        var address = listening.RootElement.GetProperty("addrs")[0].GetString()!;
        var process = listening.RootElement.TryGetProperty("pid", out var pid) ? pid.GetInt32() : server.Id;

        // Their server, and a node of ours that measures: the contract has no such action.
        if (work.Kind == WorkKind.Fairness) return await OwnContender.DialAsync(OwnContender.ThisProgram, Sides.Hop, address, 0, work).ConfigureAwait(false);

        await using var dialer = ChildProcess.Start(command, ["dial", address, "--do", .. ActionOf(work), .. Stack, "--timeout", "240", "--server-pid", Text(process)], work.Pinned);
        using var result = JsonDocument.Parse(await dialer.ReadLineAsync(Patience).ConfigureAwait(false));
        return Read(result.RootElement, work);
    }

    private static IEnumerable<string> Stack => ["--security", "noise", "--muxer", "yamux"];

    private static IEnumerable<string> ActionOf(Workload work) => work.Kind switch
    {
        WorkKind.Transfer =>
            [work.Down ? "perf-down" : "perf-up", "--bytes", Text(((long)work.Mebibytes << 20) / work.Streams), "--concurrency", Text(work.Streams), "--block", Text(work.Block)],
        WorkKind.RoundTrip => ["rtt", "--count", Text(work.Count)],
        WorkKind.Streams => ["streams", "--count", Text(work.Count), "--concurrency", Text(work.Concurrency)],
        WorkKind.Handshakes => ["handshakes", "--count", Text(work.Count), "--concurrency", Text(work.Concurrency)],
        WorkKind.IdleConnections => ["idle-mem", "--count", Text(work.Count), "--concurrency", Text(work.Concurrency)],
        _ => throw new NotSupportedException($"{work.Kind} is not in the contract"),
    };

    private Sample Read(JsonElement result, Workload work)
    {
        if (!result.GetProperty("ok").GetBoolean())
        {
            throw new InvalidOperationException($"{Name}: {(result.TryGetProperty("error", out var error) ? error.GetString() : "failed")}");
        }

        switch (work.Kind)
        {
            case WorkKind.Transfer:
                return Costs(new Sample { [Sample.Value] = Number("MiBps"), [Sample.Amount] = Number("bytes") / MiB });
            case WorkKind.IdleConnections:
                return new Sample { [Roles.Usage.Idleness.ServerResident] = Number("serverRssEach"), [Roles.Usage.Idleness.DialerResident] = Number("dialerRssEach") };
            default:
                var ms = result.GetProperty("ms");
                return Costs(new Sample
                {
                    [Sample.Value] = Number("perSecond"),
                    [Sample.Amount] = Number("count"),
                    [Sample.Median] = ms.GetProperty("p50").GetDouble() * 1000,
                    [Sample.P99] = ms.GetProperty("p99").GetDouble() * 1000,
                });
        }

        double Number(string property) => result.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;

        Sample Costs(Sample sample)
        {
            sample.Set(Sample.Cpu, Number("cpuDialer") + Number("cpuServer"));
            return sample;
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
