using System.Buffers.Binary;
using System.Net.Sockets;
using Libp2p.Benchmarks.Roles.Transfers;

namespace Libp2p.Benchmarks.Roles.Ceiling;

/// <summary>
/// The least that TCP + Noise + yamux has to do: records under the cipher that Noise takes, frames, credit that grows; no handshake, one stream, no
/// errors, no limits, the reader inline in the read loop. It is what a transfer costs on this machine before anybody designs anything.
/// </summary>
/// <remarks>A side never sends data while it receives data, so that its sealing needs no lock.</remarks>
internal sealed class CeilingChannel : ITransferChannel
{
    private const int ReceiveSize = 256 * 1024;
    private const int SendSize = 256 * 1024;
    private const int MaxRecordOnWire = 2 + 65535;

    private readonly Socket _socket;
    private readonly CeilingCipher _seal;
    private readonly CeilingCipher _open;
    private readonly CeilingWindow _window = new();
    private readonly CeilingCredit _credit = new();
    private readonly byte[] _received = GC.AllocateUninitializedArray<byte>(ReceiveSize + MaxRecordOnWire, pinned: true);
    private readonly byte[] _plain = GC.AllocateUninitializedArray<byte>(65536, pinned: true);
    private readonly byte[] _toSend = GC.AllocateUninitializedArray<byte>(SendSize + MaxRecordOnWire, pinned: true);
    private readonly byte[] _creditRecord = new byte[2 + CeilingFrame.HeaderSize + CeilingCipher.TagSize];
    private readonly byte[] _lastShort = new byte[TransferRequest.Size];
    private int _start;
    private int _end;
    private long _unread;

    public CeilingChannel(Socket socket, bool dialer)
    {
        _socket = socket;
        _seal = new CeilingCipher((byte)(dialer ? 1 : 2), seals: true);
        _open = new CeilingCipher((byte)(dialer ? 2 : 1), seals: false);
    }

    /// <summary>Straight from the caller's memory; one send for each write, or for each full buffer.</summary>
    public async ValueTask SendAsync(long bytes, int block)
    {
        for (var left = bytes; left > 0; left -= Math.Min(left, block))
        {
            await WriteAsync(Payload.Of((int)Math.Min(left, block))).ConfigureAwait(false);
        }
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => WriteAsync(bytes);

    public async ValueTask<bool> SkipAsync(long bytes)
    {
        while (_unread < bytes)
        {
            if (!await PumpAsync().ConfigureAwait(false)) return false;
        }

        _unread -= bytes;
        return true;
    }

    /// <summary>Only what was sent in one write of a request's size or less.</summary>
    public async ValueTask<bool> ReceiveAsync(Memory<byte> bytes)
    {
        if (!await SkipAsync(bytes.Length).ConfigureAwait(false)) return false;
        _lastShort.AsMemory(0, bytes.Length).CopyTo(bytes);
        return true;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _seal.Dispose();
        _open.Dispose();
    }

    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        var filled = 0;
        while (bytes.Length > 0)
        {
            var taken = _window.Take(Math.Min(bytes.Length, CeilingFrame.MaxBody));
            if (taken > 0)
            {
                filled += Frame(bytes.Span[..taken], filled);
                bytes = bytes[taken..];
            }

            if (filled >= SendSize || (filled > 0 && (taken == 0 || bytes.IsEmpty)))
            {
                for (var sent = 0; sent < filled;) sent += await _socket.SendAsync(_toSend.AsMemory(sent, filled - sent)).ConfigureAwait(false);
                filled = 0;
            }
            else if (taken == 0)
            {
                await _window.WaitAsync().ConfigureAwait(false);
            }
        }
    }

    private int Frame(ReadOnlySpan<byte> body, int at)
    {
        Span<byte> header = stackalloc byte[CeilingFrame.HeaderSize];
        CeilingFrame.WriteData(header, body.Length);
        var length = _seal.Seal(header, body, _toSend.AsSpan(at + 2));
        BinaryPrimitives.WriteUInt16BigEndian(_toSend.AsSpan(at), (ushort)length);
        return length + 2;
    }

    /// <summary>Receives once and opens every record that is whole; false at the end.</summary>
    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> PumpAsync()
    {
        var read = await _socket.ReceiveAsync(_received.AsMemory(_end)).ConfigureAwait(false);
        if (read == 0) return false;
        _end += read;
        while (_end - _start >= 2)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(_received.AsSpan(_start));
            if (_end - _start < 2 + length) break;
            Demux(_plain.AsSpan(0, _open.Open(_received.AsSpan(_start + 2, length), _plain)));
            _start += 2 + length;
        }

        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_received.Length - _end < MaxRecordOnWire)
        {
            _received.AsSpan(_start, _end - _start).CopyTo(_received);
            (_start, _end) = (0, _end - _start);
        }

        return true;
    }

    private void Demux(ReadOnlySpan<byte> plain)
    {
        while (!plain.IsEmpty)
        {
            var (isCredit, length) = CeilingFrame.Read(plain);
            plain = plain[CeilingFrame.HeaderSize..];
            if (isCredit)
            {
                _window.Give(length);
                continue;
            }

            if (length <= TransferRequest.Size) plain[..length].CopyTo(_lastShort);
            _unread += length;
            plain = plain[length..];
            if (_credit.Consume(length) is > 0 and var granted) SendCredit(granted);
        }
    }

    private void SendCredit(int bytes)
    {
        Span<byte> header = stackalloc byte[CeilingFrame.HeaderSize];
        CeilingFrame.WriteCredit(header, bytes);
        var length = _seal.Seal(header, [], _creditRecord.AsSpan(2));
        BinaryPrimitives.WriteUInt16BigEndian(_creditRecord, (ushort)length);
        _socket.Send(_creditRecord);
    }
}
