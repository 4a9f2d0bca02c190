using System.Runtime.InteropServices;
using Libp2p.Multiformats;

namespace Libp2p.TestPeer.Serving;

/// <summary><c>serve</c>: prints the events of a node and takes commands, until standard input closes or SIGTERM comes.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        PeerOptions options;
        Peer peer;
        try
        {
            options = PeerOptions.Parse(args);
            peer = await Peer.StartAsync(options, listen: true).ConfigureAwait(false);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return PeerOptions.WrongCommandLine;
        }
        catch (UnsupportedException e)
        {
            Lines.Print("result", json =>
            {
                json.WriteBoolean("ok", false);
                json.WriteString("error", e.Message);
            });
            await Console.Error.WriteLineAsync(e.Message).ConfigureAwait(false);
            return PeerOptions.Unsupported;
        }

        await using (peer.ConfigureAwait(false))
        {
            using var stopping = new CancellationTokenSource();
            using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stopping));
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stopping));
            var events = options.Bench ? Task.CompletedTask : ServeEvents.PrintAsync(peer.Node, stopping.Token);
            Lines.Print("listening", json =>
            {
                json.WriteString("peerId", peer.Node.PeerId.ToString());
                json.Strings("addrs", peer.Node.ListenAddresses.Select(a => $"{a}/p2p/{peer.Node.PeerId}"));
                json.WriteNumber("pid", Environment.ProcessId);
            });
            foreach (var address in options.Connect) await peer.Node.ConnectAsync(Multiaddr.Parse(address)).ConfigureAwait(false);
            try
            {
                await ServeCommands.RunAsync(peer, Console.In, stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
            }

            await stopping.CancelAsync().ConfigureAwait(false);
            await events.ConfigureAwait(false);
        }

        return 0;
    }

    private static void Stop(PosixSignalContext signal, CancellationTokenSource stopping)
    {
        signal.Cancel = true;
        stopping.Cancel();
    }
}
