using System.Diagnostics;
using System.Globalization;
using Libp2p.Swarm;
using Libp2p.Swarm.Resources;

namespace Libp2p.Benchmarks.Command;

/// <summary><c>admission</c>: what the governor takes to admit and give back a stream, and to reserve and release bytes: nanoseconds and bytes each, beside one interlocked exchange of this machine.</summary>
internal static class AdmissionCommand
{
    public const string Name = "admission";

    private const int Rounds = 11;
    private const int Each = 2_000_000;

    public static int Run(TextWriter output)
    {
        var governor = new ResourceGovernor(new ResourceOptions(), TimeProvider.System);
        if (!governor.TryAdmitConnection(ConnectionDirection.Inbound, null, out var connection, out _) || !connection.TryAssign(PrivateKey.Generate().PublicKey.PeerId, out _)) return 1;
        using var stream = connection.ForStream();
        long word = 0;
        Measure("one compare-exchange, for scale", () => Interlocked.CompareExchange(ref word, word + 1, word));
        Measure("a stream admitted (connection, peer, node)", () => connection.TryAdmitStream(ConnectionDirection.Inbound, out _), () => connection.ReturnStreams(Each), most: Each);
        Measure("a stream admitted and given back", () =>
        {
            connection.TryAdmitStream(ConnectionDirection.Inbound, out _);
            connection.ReturnStreams(1);
        });
        Measure("bytes reserved and released (stream, connection, peer, node)", () =>
        {
            stream.TryReserve(4096, ReservationPriority.Medium, out _);
            stream.Release(4096);
        });
        connection.Dispose();
        return 0;

        void Measure(string what, Action act, Action? after = null, int most = int.MaxValue)
        {
            var count = Math.Min(Each, after is null ? Each : Math.Min(most, 4000));
            var times = new List<double>();
            long allocated = 0;
            for (var round = 0; round < Rounds; round++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                var start = Stopwatch.GetTimestamp();
                for (var i = 0; i < count; i++) act();
                var took = Stopwatch.GetElapsedTime(start);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                after?.Invoke();
                times.Add(took.TotalNanoseconds / count);
            }

            times.Sort();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-64} {times[times.Count / 2],6:0.0} ns ({times[0]:0.0} to {times[^1]:0.0}), {(double)allocated / count:0.##} B"));
        }
    }
}
