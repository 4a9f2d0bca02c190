using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using Libp2p.Multiformats;

namespace Libp2p.TestPeer.Measuring;

/// <summary>
/// <c>perf</c>: the flags and lines that the throughput runs of libp2p's test plans expect. The server's key is that of the all-zero seed, so that a dialer
/// knows whom to expect by an address and a port alone.
/// </summary>
internal static class PerfCommand
{
    private const string ServerSeed = "0";

    public static async Task<int> RunAsync(string[] args)
    {
        PerfCommandOptions options;
        try
        {
            options = PerfCommandOptions.Parse(args);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return PeerOptions.WrongCommandLine;
        }

        if (options.Transport != "tcp")
        {
            await Console.Error.WriteLineAsync(new UnsupportedException($"--transport {options.Transport}").Message).ConfigureAwait(false);
            return PeerOptions.Unsupported;
        }

        return options.RunServer ? await ServeAsync(options.Server).ConfigureAwait(false) : await MeasureAsync(options).ConfigureAwait(false);
    }

    /// <summary>Until it is told to end: whoever starts servers may give them no standard input.</summary>
    private static async Task<int> ServeAsync(IPEndPoint address)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => End(signal, told));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => End(signal, told));
        await using var peer = await StartAsync(listen: true, "--host", address.Address.ToString(), "--port", $"{address.Port}", "--seed", ServerSeed).ConfigureAwait(false);
        await Console.Error.WriteLineAsync($"listening on {string.Join(", ", peer.Node.ListenAddresses)}").ConfigureAwait(false);
        await told.Task.ConfigureAwait(false);
        return 0;
    }

    private static async Task<int> MeasureAsync(PerfCommandOptions options)
    {
        await using var peer = await StartAsync(listen: false).ConfigureAwait(false);
        var expected = new NodeIdentity(PrivateKey.FromEd25519Seed(new byte[32])).PeerId;
        // The connection counts: a transfer of a byte each way is how the plans measure setting one up.
        var started = Stopwatch.GetTimestamp();
        var connection = await peer.Node.ConnectAsync(Multiaddr.Parse($"{Multiaddr.FromEndPoint(options.Server)}/p2p/{expected}")).ConfigureAwait(false);
        var lines = new PerfLines();
        var result = await peer.Perf.MeasureAsync(connection, options.Upload, options.Download, lines).ConfigureAwait(false);
        lines.Finish(result, Stopwatch.GetElapsedTime(started));
        return 0;
    }

    private static Task<Peer> StartAsync(bool listen, params string[] options) => Peer.StartAsync(PeerOptions.Parse(["--bench", .. options]), listen);

    private static void End(PosixSignalContext signal, TaskCompletionSource told)
    {
        signal.Cancel = true;
        told.TrySetResult();
    }
}
