using System.IO.Pipelines;
using Libp2p.Muxers.Yamux.Session;

namespace Libp2p.Muxers.Yamux;

/// <content>The read loop, the write loop, and the end of both.</content>
internal sealed partial class YamuxConnection
{
    private readonly OutputBatch _batch = new(); // whoever has the write turn for a batch

    private async Task ReadLoopAsync()
    {
        var input = _secured.Input;
        try
        {
            while (true)
            {
                var result = await input.ReadAsync().ConfigureAwait(false);
                var buffer = result.Buffer;
                var before = buffer.Length;
                if (_completion.IsCompleted)
                {
                    // The session is over; what still comes is thrown away until the remote is done as well.
                    input.AdvanceTo(buffer.End);
                    if (result.IsCompleted)
                    {
                        return;
                    }

                    continue;
                }

                SequencePosition used;
                try
                {
                    used = _session.Receive(buffer, _time.GetTimestamp());
                }
                catch (MuxerException error)
                {
                    _session.EndByViolation(error);
                    input.AdvanceTo(buffer.End);
                    continue;
                }

                var rest = buffer.Slice(used).Length;
                YamuxMetrics.BytesReceived(before - rest);
                if (_session.IsCongested)
                {
                    // The remote makes us answer faster than it reads: it waits with us. The write timeout ends this.
                    input.AdvanceTo(used);
                    await _decongested.WaitAsync().ConfigureAwait(false);
                    continue;
                }

                input.AdvanceTo(used, buffer.End);
                if (_session.IsDrained)
                {
                    _session.End(new ConnectionEnd(ConnectionErrorCode.None, ByRemote: true), goAway: null);
                }
                else if (result.IsCompleted)
                {
                    var cut = rest > 0 || !_session.IsBetweenFrames;
                    _session.End(
                        new ConnectionEnd(ConnectionErrorCode.None, ByRemote: true, cut ? new MuxerException("The connection ended within a yamux frame.") : null),
                        goAway: null);
                    return;
                }
            }
        }
        catch (Exception error)
        {
            EndByWire(error);
        }
    }

    private async Task WriteLoopAsync()
    {
        var output = _secured.Output;
        try
        {
            while (true)
            {
                await _outputReady.WaitAsync().ConfigureAwait(false);
                bool over;
                while (_session.TakeBatch(_batch, out over))
                {
                    ComposeBatch(output);
                    var flush = output.FlushAsync();
                    if (flush.IsCompletedSuccessfully)
                    {
                        CheckFlushed(flush.Result);
                    }
                    else
                    {
                        _session.WriteStarted(_time.GetTimestamp());
                        CheckFlushed(await flush.ConfigureAwait(false));
                        _session.WriteEnded();
                    }

                    if (_session.BatchSent(_batch))
                    {
                        _decongested.Set();
                    }
                }

                if (over)
                {
                    return; // the turn stays here: nobody writes any more
                }
            }
        }
        catch (Exception error)
        {
            EndByWire(error);
        }
        finally
        {
            _decongested.Set();
        }
    }

    private void ComposeBatch(PipeWriter output)
    {
        for (var block = _batch.Head; block is not null; block = block.NextBlock)
        {
            if (_gather is not null && block.End >= YamuxSession.LargeWrite)
            {
                _gather.Append(block.Memory);
            }
            else
            {
                block.Memory.Span.CopyTo(output.GetSpan(block.End));
                output.Advance(block.End);
            }
        }
    }

    /// <summary>
    /// Ends what is left of the connection: the last frames leave, the write side is closed, the remote gets a moment to close its own (else its system
    /// may throw away the frames), everything is released.
    /// </summary>
    private async Task ReleaseAsync()
    {
        try
        {
            if (_session.EndReason is { ByRemote: true, Cause: { } cause })
            {
                _secured.Abort(cause); // broken, or the remote is leaving in anger: nothing to wait for
            }

            if (!await EndsInTimeAsync(_writing).ConfigureAwait(false))
            {
                _secured.Abort(_session.EndReason?.Cause);
                await _writing.ConfigureAwait(false);
            }

            _session.AbandonOutput(_batch);
            await _secured.Output.CompleteAsync().ConfigureAwait(false);
            if (!await EndsInTimeAsync(_reading).ConfigureAwait(false))
            {
                _secured.Abort(_session.EndReason?.Cause);
                await _reading.ConfigureAwait(false);
            }
        }
        catch (Exception error)
        {
            YamuxLog.ReleaseFailed(_logger, error);
        }

        try
        {
            await _secured.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            YamuxLog.ReleaseFailed(_logger, error);
        }

        lock (_timerLock)
        {
            _timer?.Dispose();
            _timer = null;
        }

        _session.Memory.Close();
        _released.TrySetResult(true);
    }

    private async Task<bool> EndsInTimeAsync(Task task)
    {
        if (task.IsCompleted)
        {
            return true;
        }

        try
        {
            await task.WaitAsync(_options.CloseTimeout, _time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
