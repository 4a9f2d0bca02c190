namespace Libp2p.Protocols.Ping;

/// <summary>
/// The pings of this node over one connection: one stream, whoever asks (the specification allows no more), opened when first needed and again when the remote has
/// closed it between two pings. Thread-safe; pings take turns.
/// </summary>
internal sealed class PingSession(IConnection connection, NodeRuntime runtime, TimeSpan timeout) : IAsyncDisposable
{
    private static readonly OpenStreamOptions _open = new() { AllowLimited = true, NoDial = true };

    private readonly ScheduledSemaphore _turn = new(1, runtime.Scheduler);
    private readonly byte[] _sent = new byte[PingEcho.Size]; // by whose turn it is, as all below
    private IStream? _stream;

    /// <summary>Enumerations that use it; guard: the service's lock.</summary>
    public int Users { get; set; }

    public async ValueTask<TimeSpan> PingAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await PingInTimeAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Closes the stream in the ordinary way. Nobody pings any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stream is { } stream)
        {
            _stream = null;
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<TimeSpan> PingInTimeAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, runtime.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await PingAsync(mayReopen: _stream is not null, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            PingMetrics.Failed.Add(1);
            throw new ProtocolException($"{connection.RemotePeer} did not answer a ping within {timeout.TotalSeconds} s.", e);
        }
        catch (Libp2pException)
        {
            PingMetrics.Failed.Add(1);
            throw;
        }
    }

    private async ValueTask<TimeSpan> PingAsync(bool mayReopen, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                _stream ??= await connection.OpenStreamAsync([PingHandler.ProtocolId], _open, cancellationToken).ConfigureAwait(false);
                if (await RoundTripAsync(_stream, cancellationToken).ConfigureAwait(false) is { } took)
                {
                    PingMetrics.RoundTrip.Record(took.TotalSeconds);
                    return took;
                }

                if (!mayReopen)
                {
                    throw new ProtocolException($"{connection.RemotePeer} closed the ping stream without an answer.");
                }
            }
            catch (StreamResetException) when (mayReopen)
            {
                // Peers tire of a stream that is quiet for long, or old.
            }
            catch
            {
                await DropAsync().ConfigureAwait(false);
                throw;
            }

            await DropAsync().ConfigureAwait(false);
            mayReopen = false;
        }
    }

    /// <summary>One ping; null where the remote ended the stream instead of answering.</summary>
    private async ValueTask<TimeSpan?> RoundTripAsync(IStream stream, CancellationToken cancellationToken)
    {
        runtime.Random.Fill(_sent);
        _sent.CopyTo(stream.Output.GetSpan(PingEcho.Size));
        stream.Output.Advance(PingEcho.Size);
        var start = runtime.Time.GetTimestamp();
        await stream.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        var read = await stream.Input.ReadAtLeastAsync(PingEcho.Size, cancellationToken).ConfigureAwait(false);
        var took = runtime.Time.GetElapsedTime(start);
        var ended = read.IsCompleted && read.Buffer.Length < PingEcho.Size;
        var matches = PingEcho.Matches(read.Buffer, _sent);
        stream.Input.AdvanceTo(read.Buffer.End);
        return matches ? took
            : ended ? null
            : throw new ProtocolException($"{connection.RemotePeer} answered a ping with other bytes than it got.");
    }

    private async ValueTask DropAsync()
    {
        if (_stream is { } stream)
        {
            _stream = null;
            stream.Abort(StreamSide.Both, StreamErrorCode.None);
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }
}
