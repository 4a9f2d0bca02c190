using System.Buffers;
using System.ComponentModel;
using System.IO.Pipelines;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace Libp2p.Security.Tls;

/// <summary>
/// Packs what is written and what is lent into records of 16 KiB, encrypted into the wire's memory as they fill up; a flush seals the last one and flushes the wire once. Of what is lent only
/// the part that completes a record already begun, and the part that begins one, is copied. One caller at a time; the connection may be disposed meanwhile.
/// </summary>
internal sealed class TlsWriter(PipeWriter wire, TlsTurn turn, SslStream tls, TlsConnection connection) : PipeWriter, IGatherWriter
{
    /// <summary>The most plaintext that one record takes (RFC 8446, section 5.1).</summary>
    private const int RecordSize = 16 * 1024;

    private readonly Lock _gate = new(); // guards all below, and the writing half of the SslStream
    private byte[]? _block;
    private int _used;
    private ReadOnlyMemory<byte> _lent; // behind nothing in the block
    private bool _flushing;
    private bool _completed;
    private Exception? _closeFailure;

    public override bool CanGetUnflushedBytes => wire.CanGetUnflushedBytes;

    public override long UnflushedBytes => _used + _lent.Length + wire.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        try
        {
            lock (_gate)
            {
                ThrowIfCompleted();
                StageLent();
                return Room(Math.Max(1, sizeHint));
            }
        }
        catch (SecureChannelException e)
        {
            // Outside the lock, since aborting calls others.
            throw connection.Fail(e);
        }
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        lock (_gate)
        {
            ThrowIfCompleted();
            ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, (_block?.Length ?? 0) - _used);
            _used += bytes;
        }
    }

    /// <inheritdoc/>
    public void Append(ReadOnlyMemory<byte> borrowed)
    {
        try
        {
            lock (_gate)
            {
                ThrowIfCompleted();
                StageLent();
                Lend(borrowed);
            }
        }
        catch (SecureChannelException e)
        {
            throw connection.Fail(e);
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        ValueTask<FlushResult> flush;
        try
        {
            lock (_gate)
            {
                ThrowIfCompleted();
                SealRest();
                flush = wire.FlushAsync(cancellationToken);
                if (flush.IsCompleted) return flush;
                _flushing = true;
            }
        }
        catch (SecureChannelException e)
        {
            throw connection.Fail(e);
        }

        return FinishAsync(flush);
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        // Read before this returns: it need not be copied.
        Append(source);
        return FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => wire.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => _ = CompleteAsync(exception).AsTask();

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        lock (_gate)
        {
            if (_completed) return;
            _completed = true;
            exception = SealLast(exception);
            ReturnBlock();
        }

        if (exception is null && !connection.IsAborted) await turn.CloseAsync(Shutdown).ConfigureAwait(false);
        await wire.CompleteAsync(exception ?? _closeFailure).ConfigureAwait(false);
    }

    /// <summary>
    /// Ends writing for whoever disposes the connection: says so to the remote, where no flush is under way. What was written and not flushed is dropped, as on any connection; the block is left to
    /// the collector, since a writer may still fill it.
    /// </summary>
    public async ValueTask CloseAsync()
    {
        lock (_gate)
        {
            if (_completed) return;
            _completed = true;
            _block = null;
            _used = 0;
            _lent = default;
            if (_flushing || connection.IsAborted) return;
        }

        await turn.CloseAsync(ShutdownAndFlush).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> FinishAsync(ValueTask<FlushResult> flush)
    {
        try
        {
            return await flush.ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _flushing = false;
            }
        }
    }

    /// <summary>Returns why the wire cannot end in the ordinary way; null: it can. Nobody is left to tell.</summary>
    private Exception? SealLast(Exception? exception)
    {
        if (exception is null && !connection.IsAborted)
        {
            try
            {
                SealRest();
            }
            catch (Exception e) when (e is Libp2pException or InvalidOperationException)
            {
                return e;
            }
        }

        _lent = default;
        return exception;
    }

    private void Lend(ReadOnlyMemory<byte> borrowed)
    {
        if (_used > 0)
        {
            borrowed = borrowed[Stage(borrowed.Span)..];
            if (borrowed.IsEmpty) return;
            SealStaged();
        }

        var whole = borrowed.Length - (borrowed.Length % RecordSize);
        if (whole > 0) Seal(borrowed[..whole]);
        _lent = borrowed[whole..];
    }

    private Memory<byte> Room(int wanted)
    {
        if (_block is { } block && block.Length - _used < wanted)
        {
            SealStaged();
            if (block.Length < wanted) ReturnBlock();
        }

        _block ??= ArrayPool<byte>.Shared.Rent(Math.Max(RecordSize, wanted));
        return _block.AsMemory(_used);
    }

    /// <summary>Copies into the record begun as much as fits, and says how much.</summary>
    private int Stage(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length, Math.Max(0, RecordSize - _used));
        if (count > 0)
        {
            bytes[..count].CopyTo(Room(count).Span);
            _used += count;
        }

        return count;
    }

    private void StageLent()
    {
        if (!_lent.IsEmpty)
        {
            var lent = _lent;
            _lent = default;
            Stage(lent.Span);
        }
    }

    private void SealStaged()
    {
        if (_used > 0)
        {
            var used = _used;
            _used = 0;
            Seal(_block.AsMemory(0, used));
        }
    }

    private void SealRest()
    {
        SealStaged();
        ReturnBlock();
        if (!_lent.IsEmpty)
        {
            var lent = _lent;
            _lent = default;
            Seal(lent);
        }
    }

    /// <summary>Encrypts into the wire's memory; completes at once, since the stream below only takes it.</summary>
    private void Seal(ReadOnlyMemory<byte> plaintext)
    {
        connection.ThrowIfAborted();
        try
        {
            Done(tls.WriteAsync(plaintext));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            connection.ThrowIfAborted();
            throw TlsErrors.Broken(e, hasEnded: false);
        }
    }

    /// <summary>Writes the closing message. Does not throw: what fails here shows when the wire is completed.</summary>
    private void Shutdown()
    {
        try
        {
            Done(new ValueTask(tls.ShutdownAsync()));
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or Libp2pException or CryptographicException or Win32Exception or AuthenticationException)
        {
            _closeFailure = e;
        }
    }

    private void ShutdownAndFlush()
    {
        Shutdown();

        // A few bytes: where they do not fit, the remote reads nothing anyhow.
        if (_closeFailure is null) _ = wire.FlushAsync().AsTask();
    }

    private static void Done(ValueTask written)
    {
        if (!written.IsCompleted) throw new InvalidOperationException("The stream below TLS did not take a record at once.");
        written.GetAwaiter().GetResult();
    }

    /// <summary>An idle connection keeps no block.</summary>
    private void ReturnBlock()
    {
        if (_block is { } block)
        {
            _block = null;
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private void ThrowIfCompleted()
    {
        if (_completed)
        {
            connection.ThrowIfAborted();
            throw new InvalidOperationException("Writing is not allowed after the writer was completed.");
        }
    }
}
