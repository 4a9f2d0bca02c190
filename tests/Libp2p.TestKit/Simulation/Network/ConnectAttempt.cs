using System.Net;
using System.Net.Sockets;

namespace Libp2p.TestKit;

/// <summary>A TCP connection on its way to be: its first packet is sent, and sent again, until somebody answers or the time is up.</summary>
internal sealed class ConnectAttempt(Fabric fabric, HostNetwork network, EndPoint local, EndPoint remote) : LoopEntry(network.Life)
{
    private readonly SocketOperation<IStreamSocket> _connecting = new(fabric.Loop, network.Life, static () => null);
    private long _started;
    private long _wait = TimeSpan.TicksPerSecond;

    public EndPoint Local => local;

    public EndPoint Remote => remote;

    public HostNetwork Network => network;

    public bool IsOver => !_connecting.IsPending || !network.Life.IsAlive;

    public string? Waits => _connecting.IsPending ? $"connects tcp {local}>{remote}" : null;

    public async ValueTask<IStreamSocket> RunAsync(CancellationToken cancellationToken)
    {
        _started = fabric.Loop.Now;
        Trace(StreamChange.Connecting, "");
        var version = _connecting.Begin(cancellationToken);
        network.Add(this);
        Send();
        try
        {
            return await new ValueTask<IStreamSocket>(_connecting, version).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Trace(StreamChange.Failed, failure is SocketException socket ? socket.SocketErrorCode.ToString() : "given up");
            throw;
        }
        finally
        {
            fabric.Loop.Clear(this);
            network.Remove(this);
        }
    }

    /// <summary>No answer yet.</summary>
    public override void Run()
    {
        if (IsOver) return;
        if (fabric.Loop.Now - _started >= fabric.Options.Streams.ConnectTimeout.Ticks) Fail(SocketError.TimedOut);
        else Send();
    }

    public void Fail(SocketError why) => _connecting.Fail(new SocketException((int)why));

    /// <summary>Somebody answered: the connection is there.</summary>
    public void Succeed(SimulatedStreamSocket socket)
    {
        Trace(StreamChange.Connected, "");

        // Off the list at once: its end point belongs to the connection now.
        network.Remove(this);
        _connecting.Succeed(socket);
    }

    private void Send()
    {
        fabric.Loop.Set(this, Math.Min(fabric.Loop.Now + _wait, _started + fabric.Options.Streams.ConnectTimeout.Ticks));
        _wait *= 2;
        fabric.Connect(this);
    }

    private void Trace(StreamChange change, string detail) => fabric.Trace.At(TraceDetail.Connections)?.Add(new StreamEvent(network.Host.Name, local, remote, change, detail));
}
