using System.Net.Sockets;
using Libp2p.Multiformats;
using Libp2p.Node.Tests;

namespace Libp2p.Endurance.Kills;

/// <summary>All that a peer and the owner of a node do with it at once, until it dies: then each of it must end, and in a way that is documented.</summary>
internal sealed class Load
{
    private static readonly ProtocolId Ping = "/ipfs/ping/1.0.0";
    private static readonly ConnectOptions Another = new() { ForceNew = true };

    private readonly List<Part> _parts = [];
    private string _done = "";

    private Load()
    {
    }

    /// <param name="peer">Who does it.</param>
    /// <param name="connection">Its connection to the node.</param>
    /// <param name="address">The node's.</param>
    /// <param name="folder">The node's.</param>
    public static Load Begin(Peer peer, IConnection connection, Multiaddr address, string folder)
    {
        var load = new Load();
        load.Add("ping", async part =>
        {
            await foreach (var _ in peer.Find<IPingService>().PingAsync(connection).ConfigureAwait(false))
            {
                part.Count();
            }
        });
        load.Repeat("upload", async () => await peer.Find<IPerfService>().MeasureAsync(connection, 1 << 20, 0).ConfigureAwait(false));
        load.Repeat("download", async () => await peer.Find<IPerfService>().MeasureAsync(connection, 0, 1 << 20).ConfigureAwait(false));
        load.Repeat("dial", async () =>
        {
            var another = await peer.Node.ConnectAsync(address, Another).ConfigureAwait(false);
            await peer.Find<IIdentifyService>().IdentifyAsync(another).ConfigureAwait(false);
            await another.CloseAsync().ConfigureAwait(false);
        });
        load.Add("half a ping", async part =>
        {
            await using var stream = await connection.OpenStreamAsync([Ping]).ConfigureAwait(false);
            await stream.Output.WriteAsync(new byte[10]).ConfigureAwait(false);
            part.Count();
            while (!(await stream.Input.ReadAsync().ConfigureAwait(false)).IsCompleted)
            {
            }
        });
        load.Repeat("status", async () =>
        {
            using var control = new ControlSocket(folder);
            await control.SendAsync("{\"verb\":\"status\"}\n").ConfigureAwait(false);
            _ = await control.AnswerAsync().ConfigureAwait(false) ?? throw new IOException("The node went away.");
        });
        return load;
    }

    /// <summary>Right before the kill: what had ended already is told, not judged, for a slow machine may have made it give up.</summary>
    public void Mark() => _done = string.Concat(_parts.Select(part => part.Describe()));

    /// <summary>Waits for the ends.</summary>
    /// <exception cref="EnduranceException">One does not come, or is another than what is documented.</exception>
    public async Task EndAsync()
    {
        foreach (var part in _parts)
        {
            try
            {
                await part.Running.For(() => $"'{part.What}' goes on with a node that is dead").ConfigureAwait(false);
            }
            catch (Exception e) when (e is Libp2pException or IOException or SocketException)
            {
            }
            catch (Exception e) when (e is not EnduranceException)
            {
                throw new EnduranceException($"'{part.What}' ended in a way that nobody expects when its node dies", e);
            }
        }
    }

    public override string ToString() => _done;

    private void Repeat(string what, Func<Task> once) => Add(what, async part =>
    {
        while (true)
        {
            await once().ConfigureAwait(false);
            part.Count();
        }
    });

    private void Add(string what, Func<Part, Task> run)
    {
        var part = new Part(what);
        part.Running = Task.Run(() => run(part));
        _parts.Add(part);
    }

    private sealed class Part(string what)
    {
        private int _count;

        public string What => what;

        public Task Running { get; set; } = Task.CompletedTask;

        public void Count() => Interlocked.Increment(ref _count);

        public string Describe() => $" {what} {Volatile.Read(ref _count)}{(Running.IsCompleted ? $" (had ended: {Running.Exception?.InnerException?.Message})" : "")}";
    }
}
