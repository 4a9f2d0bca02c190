using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Libp2p.Crypto;

namespace Libp2p.Security.Noise;

/// <summary>
/// Packs what is written and what is lent into records of at most 65,519 bytes, encrypted straight into the wire's memory; a flush seals the last one and
/// flushes the wire once. Full records are sealed as they fill up, so that no more than one is ever staged. One caller at a time; the connection may be disposed
/// meanwhile, which waits for a call under way: two that seal at once would use a nonce twice.
/// </summary>
internal sealed class NoiseWriter : PipeWriter, IGatherWriter
{
    /// <summary>The most plaintext that one record takes.</summary>
    public const int MaxPlaintext = NoiseHandshake.MaxMessageSize - AeadCipher.TagSize;

    /// <summary>One full record.</summary>
    private const int BlockSize = 64 * 1024;

    /// <summary>Where the scope has no room for one: within the price of the connection itself.</summary>
    private const int LeastBlock = 2 * 1024;

    /// <summary>Up to here a copy costs less than a piece of its own.</summary>
    private const int Small = 256;

    // Guards all fields below, and the cipher.
    private readonly Lock _gate = new();
    private readonly PipeWriter _wire;
    private readonly NoiseCipher _cipher;
    private readonly NoiseConnection _connection;
    private readonly IResourceScope? _scope;

    // The record being made: pieces of blocks and lent memory, less than MaxPlaintext bytes of them.
    private ReadOnlyMemory<byte>[] _pieces = new ReadOnlyMemory<byte>[4];
    private int _count;
    private int _length;

    // The block being written to: [.._open] is in pieces already, [_open.._used] not yet. Full ones wait until their pieces are sealed.
    private byte[]? _block;
    private int _open;
    private int _used;
    private List<byte[]>? _full;
    private long _priced; // bytes of blocks that the scope holds
    private bool _completed;

    public NoiseWriter(PipeWriter wire, NoiseCipher cipher, NoiseConnection connection, IResourceScope? scope = null)
    {
        _scope = scope;
        _wire = wire;
        _cipher = cipher;
        _connection = connection;
    }

    public override bool CanGetUnflushedBytes => _wire.CanGetUnflushedBytes;

    public override long UnflushedBytes => Staged + _wire.UnflushedBytes;

    private int Staged => _length + _used - _open;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        lock (_gate)
        {
            ThrowIfCompleted();
            return Stage(Math.Max(1, sizeHint));
        }
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        try
        {
            lock (_gate)
            {
                ThrowIfCompleted();
                Commit(bytes);
            }
        }
        catch (SecureChannelException e)
        {
            // Outside the lock, since aborting calls others.
            _connection.Fail(e);
            throw;
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
                if (borrowed.Length > Small)
                {
                    Lend(borrowed);
                }
                else if (!borrowed.IsEmpty)
                {
                    borrowed.Span.CopyTo(Stage(borrowed.Length).Span);
                    Commit(borrowed.Length);
                }
            }
        }
        catch (SecureChannelException e)
        {
            _connection.Fail(e);
            throw;
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            lock (_gate)
            {
                ThrowIfCompleted();
                SealRest();
                ReturnBlocks();
            }
        }
        catch (SecureChannelException e)
        {
            _connection.Fail(e);
            throw;
        }

        return _wire.FlushAsync(cancellationToken);
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        // Read before this returns: it need not be copied.
        Append(source);
        return FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => _wire.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        if (TryComplete(ref exception))
        {
            _wire.Complete(exception);
        }
    }

    public override ValueTask CompleteAsync(Exception? exception = null) =>
        TryComplete(ref exception) ? _wire.CompleteAsync(exception) : ValueTask.CompletedTask;

    /// <summary>
    /// Ends writing for whoever disposes the connection, perhaps while a writer still fills the memory it got, or flushes: so the blocks are left to the
    /// collector and the wire's output is not touched. What was written and not flushed is dropped, as on any connection.
    /// </summary>
    public void Close()
    {
        lock (_gate)
        {
            _completed = true;
            Forget();
        }
    }

    private bool TryComplete(ref Exception? exception)
    {
        lock (_gate)
        {
            if (_completed)
            {
                return false;
            }

            try
            {
                if (exception is null && !_connection.IsAborted)
                {
                    SealRest();
                }
            }
            catch (Libp2pException e)
            {
                // Nobody is left to tell, and the wire is gone or about to go.
                exception = e;
            }

            _completed = true;
            ReturnBlocks();
            Forget();
            return true;
        }
    }

    private void Forget()
    {
        _block = null;
        _full = null;
        _pieces = [];
        _count = _length = _open = _used = 0;
        Unprice();
    }

    private Memory<byte> Stage(int wanted)
    {
        // No more than completes the record, where that is enough: the block is then free again as soon as it is full.
        if (_block is { } block && block.Length - _used >= wanted)
        {
            var fits = MaxPlaintext - Staged;
            return block.AsMemory(_used, fits >= wanted ? Math.Min(fits, block.Length - _used) : block.Length - _used);
        }

        if (_block is not null)
        {
            CloseStaged();
            (_full ??= []).Add(_block);
            _open = _used = 0;
        }

        _block = ArrayPool<byte>.Shared.Rent(Price(Math.Max(BlockSize, wanted)) ? Math.Max(BlockSize, wanted) : Math.Max(LeastBlock, wanted));
        return wanted <= MaxPlaintext - Staged ? _block.AsMemory(0, Math.Min(_block.Length, MaxPlaintext - Staged)) : _block;
    }

    private bool Price(int bytes)
    {
        if (_scope is null || !_scope.TryReserve(bytes, ReservationPriority.High, out _))
        {
            return _scope is null;
        }

        _priced += bytes;
        return true;
    }

    private void Unprice()
    {
        if (_priced > 0)
        {
            _scope!.Release(_priced);
            _priced = 0;
        }
    }

    private void Lend(ReadOnlyMemory<byte> borrowed)
    {
        CloseStaged();
        if (Add(borrowed))
        {
            // What is left is lent: the block is free again.
            _open = _used = 0;
        }
    }

    private void Commit(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, (_block?.Length ?? 0) - _used);
        _used += bytes;
        if (Staged >= MaxPlaintext)
        {
            CloseStaged();
        }
    }

    /// <summary>Takes what was written to the block since into the record.</summary>
    private void CloseStaged()
    {
        if (_used > _open)
        {
            var from = _open;
            _open = _used;
            if (Add(_block.AsMemory(from, _used - from)) && _count == 0)
            {
                _open = _used = 0;
            }
        }
    }

    /// <summary>Adds a piece, sealing each record that it fills; whether it filled any. What is left is then of this piece alone.</summary>
    private bool Add(ReadOnlyMemory<byte> piece)
    {
        var filled = false;
        while (_length + piece.Length >= MaxPlaintext)
        {
            var take = MaxPlaintext - _length;
            Push(piece[..take]);
            Seal();
            piece = piece[take..];
            filled = true;
        }

        if (!piece.IsEmpty)
        {
            Push(piece);
        }

        if (filled)
        {
            ReturnFull();
        }

        return filled;
    }

    private void Push(ReadOnlyMemory<byte> piece)
    {
        if (_count == _pieces.Length)
        {
            Array.Resize(ref _pieces, 2 * _count);
        }

        _pieces[_count++] = piece;
        _length += piece.Length;
    }

    private void Seal()
    {
        _connection.ThrowIfAborted();
        var sealedLength = _length + AeadCipher.TagSize;
        var destination = _wire.GetSpan(NoiseSession.FrameHeader + sealedLength);
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)sealedLength);
        _cipher.Seal(_pieces.AsSpan(0, _count), destination.Slice(NoiseSession.FrameHeader, sealedLength));
        _wire.Advance(NoiseSession.FrameHeader + sealedLength);
        Array.Clear(_pieces, 0, _count);
        _count = _length = 0;
    }

    private void SealRest()
    {
        CloseStaged();
        if (_length > 0)
        {
            Seal();
        }
    }

    /// <summary>An idle connection keeps no block.</summary>
    private void ReturnBlocks()
    {
        Unprice();
        if (_block is { } block)
        {
            _block = null;
            _open = _used = 0;
            ArrayPool<byte>.Shared.Return(block);
        }

        ReturnFull();
    }

    private void ReturnFull()
    {
        if (_full is { Count: > 0 } full)
        {
            foreach (var block in full)
            {
                ArrayPool<byte>.Shared.Return(block);
            }

            full.Clear();
        }
    }

    private void ThrowIfCompleted()
    {
        if (_completed)
        {
            _connection.ThrowIfAborted();
            throw new InvalidOperationException("Writing is not allowed after the writer was completed.");
        }
    }
}
