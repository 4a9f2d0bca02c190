using System.Buffers.Binary;
using Libp2p.TestKit;

namespace Libp2p.Simulations.Tests.Planted;

/// <summary>The way to one peer: a connection, a queue and its worker.</summary>
internal sealed class Route(Courier courier, SimulatedNode target, bool dialsTwice)
{
    private readonly Queue<(int Number, ScheduledCompletion<bool> Done)> _queue = new();
    private readonly Queue<int> _unacknowledged = new();
    private readonly List<ScheduledCompletion<IConnection>> _joined = [];
    private IConnection? _connection;
    private bool _dialing;
    private int _connections;
    private ScheduledCompletion<bool>? _arrival;
    private Task? _worker;
    private IStream? _stream;
    private int _credit;

    private NodeRuntime Runtime => courier.Runtime;

    /// <summary>Sends a parcel; done once it is written.</summary>
    public Task SendAsync(int number)
    {
        var done = new ScheduledCompletion<bool>(Runtime.Scheduler);
        _queue.Enqueue((number, done));
        _arrival?.TrySetResult(true);
        _arrival = null;
        _worker ??= WorkAsync();
        return done.Task;
    }

    /// <summary>The connection, dialed where there is none.</summary>
    public async Task<IConnection> ConnectAsync()
    {
        if (_connection is { } known) return known;
        if (_dialing)
        {
            // Each has a completion of its own: of several who await one task, all but one hop to the thread pool.
            var joined = new ScheduledCompletion<IConnection>(Runtime.Scheduler);
            _joined.Add(joined);
            return await joined.Task;
        }

        _dialing = true;
        try
        {
            var connection = await DialAsync();

            // The mistake: off the list of dials before it is on that of connections. Whoever comes while it is greeted finds neither.
            if (dialsTwice) _dialing = false;
            await GreetAsync(connection);
            _dialing = false;
            foreach (var waiter in _joined) waiter.TrySetResult(connection);
            _joined.Clear();
            return _connection = connection;
        }
        catch (Exception failure)
        {
            _dialing = false;
            foreach (var waiter in _joined) waiter.TrySetException(failure);
            _joined.Clear();
            throw;
        }
    }

    /// <summary>Ends the stream in the ordinary way, and reads to its end.</summary>
    public async Task CloseAsync()
    {
        if (_stream is not { } stream) return;
        try
        {
            await stream.Output.CompleteAsync();
            await stream.Input.DrainAsync();
        }
        catch (Libp2pException)
        {
        }
    }

    private async Task<IConnection> DialAsync()
    {
        courier.Count(++_connections);
        try
        {
            var connection = await courier.Node.Node.ConnectAsync(target.Address, new ConnectOptions { ForceNew = true });
            _ = ForgetAsync(connection);
            return connection;
        }
        catch (Exception)
        {
            _connections--;
            throw;
        }
    }

    /// <summary>A connection is of use once somebody has answered on it.</summary>
    private async Task GreetAsync(IConnection connection)
    {
        await foreach (var _ in courier.Node.Get<IPingService>().PingAsync(connection)) return;
    }

    private async Task ForgetAsync(IConnection connection)
    {
        await connection.Completion;
        _connections--;
        if (_connection == connection) _connection = null;
    }

    private async Task WorkAsync()
    {
        while (true)
        {
            while (_queue.TryPeek(out var next))
            {
                await DeliverAsync(next.Number);
                _queue.Dequeue();
                next.Done.TrySetResult(true);
            }

            _arrival = new ScheduledCompletion<bool>(Runtime.Scheduler);
            await _arrival.Task;
        }
    }

    private async Task DeliverAsync(int number)
    {
        while (true)
        {
            try
            {
                var stream = _stream ??= await OpenAsync();
                while (_credit == 0 && await ReadCreditAsync(stream))
                {
                }

                await WriteAsync(stream, number);
                _unacknowledged.Enqueue(number);
                return;
            }
            catch (Libp2pException)
            {
                _stream = null;
                await Runtime.DelayAsync(TimeSpan.FromMilliseconds(200));
            }
        }
    }

    private async Task<IStream> OpenAsync()
    {
        var stream = await Courier.OpenAsync(await ConnectAsync());
        _credit = CourierReceiver.Window;
        foreach (var number in _unacknowledged) await WriteAsync(stream, number);
        return stream;
    }

    private async Task WriteAsync(IStream stream, int number)
    {
        var parcel = new byte[Courier.ParcelLength];
        BinaryPrimitives.WriteInt32BigEndian(parcel, number);
        await stream.Output.WriteAsync(parcel);
        _credit--;
    }

    private async Task<bool> ReadCreditAsync(IStream stream)
    {
        var read = await stream.Input.ReadAsync();
        foreach (var part in read.Buffer)
        {
            foreach (var returned in part.Span)
            {
                _credit += returned;
                for (var left = returned; left > 0; left--) _unacknowledged.Dequeue();
            }
        }

        stream.Input.AdvanceTo(read.Buffer.End);
        if (_credit == 0 && read.IsCompleted) throw new TransportException("The remote wants no more.");
        return _credit == 0;
    }
}
