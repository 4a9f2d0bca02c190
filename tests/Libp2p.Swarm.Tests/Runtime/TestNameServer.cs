using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Libp2p.Swarm.Tests.Runtime;

/// <summary>A name server of the test's own, on loopback: it knows TXT records and addresses. By UDP it cuts what does not fit into 512 bytes, as those do that know no better.</summary>
internal sealed class TestNameServer : IAsyncDisposable
{
    // RFC 1035, section 3.2.2; RFC 3596, section 2.1.
    private const byte A = 1;
    private const byte Text = 16;
    private const byte Aaaa = 28;

    private readonly Socket _datagrams;
    private readonly Socket _streams;
    private readonly ConcurrentDictionary<string, Reply> _replies = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;

    public TestNameServer()
    {
        (_datagrams, _streams) = Bind();
        EndPoint = (IPEndPoint)_datagrams.LocalEndPoint!;
        _running = Task.WhenAll(AnswerDatagramsAsync(), AnswerStreamsAsync());
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Each question that came, as "udp name" or "tcp name", in lower case.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    /// <summary>Done once somebody asks.</summary>
    public Task FirstQuestion => _first.Task;

    /// <summary>Says the records of a name, each a list of strings.</summary>
    public void Set(string name, params string[][] records) => _replies[name] = new Reply(0, records);

    /// <summary>Says the addresses of a name.</summary>
    public void SetAddresses(string name, params IPAddress[] addresses) => _replies[name] = new Reply(0, []) { Addresses = addresses };

    /// <summary>Fails where it is asked for IPv6 addresses, as some do; it knows the others.</summary>
    public void SetAddressesOfFourAlone(string name, params IPAddress[] addresses) => _replies[name] = new Reply(0, []) { Addresses = addresses, FailsOfSix = true };

    /// <summary>Somebody else answers before it by UDP, with a number that was guessed right: he knows the name, and not how its letters were written.</summary>
    public void Forge(string name, IPAddress forged, IPAddress right) => _replies[name] = new Reply(0, []) { Addresses = [right], Forged = forged };

    /// <summary>Answers with a code: 2 is a failure of the server, 5 a refusal.</summary>
    public void Fail(string name, byte code) => _replies[name] = new Reply(code, []);

    /// <summary>Answers with bytes that are no answer.</summary>
    public void Garble(string name) => _replies[name] = new Reply(0, []) { Garbled = true };

    /// <summary>Does not answer.</summary>
    public void Silence(string name) => _replies[name] = new Reply(0, []) { Silent = true };

    public async ValueTask DisposeAsync()
    {
        _datagrams.Dispose();
        _streams.Dispose();
        await _running;
    }

    /// <summary>One port for both; another process may have it for one of them.</summary>
    private static (Socket Datagrams, Socket Streams) Bind()
    {
        while (true)
        {
            var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            datagrams.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var streams = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                streams.Bind(datagrams.LocalEndPoint!);
                streams.Listen();
                return (datagrams, streams);
            }
            catch (SocketException)
            {
                datagrams.Dispose();
                streams.Dispose();
            }
        }
    }

    private async Task AnswerDatagramsAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var received = await _datagrams.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                if (Answer(buffer.AsMemory(0, received.ReceivedBytes), most: 512) is { } answer) await _datagrams.SendToAsync(answer, received.RemoteEndPoint);
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task AnswerStreamsAsync()
    {
        try
        {
            while (true)
            {
                using var one = await _streams.AcceptAsync();
                var stream = new NetworkStream(one);
                var length = new byte[2];
                await stream.ReadExactlyAsync(length);
                var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(question);
                if (Answer(question, most: ushort.MaxValue) is not { } answer) continue;
                BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
                await stream.WriteAsync((byte[])[.. length, .. answer]);
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException or IOException)
        {
        }
    }

    private byte[]? Answer(ReadOnlyMemory<byte> question, int most)
    {
        // RFC 1035, section 4.1: a header of 12 bytes, then the question: labels, type, class.
        var bytes = question.Span;
        var labels = new List<string>();
        var end = 12;
        for (; bytes[end] != 0; end += 1 + bytes[end]) labels.Add(Encoding.ASCII.GetString(bytes.Slice(end + 1, bytes[end])));
        var name = string.Join('.', labels);
        var type = bytes[end + 2];
        end += 5;
        _asked.Enqueue($"{(most == 512 ? "udp" : "tcp")} {name.ToLowerInvariant()}");
        _first.TrySetResult();
        var reply = _replies.GetValueOrDefault(name) ?? new Reply(3, []);
        if (reply.Silent) return null;
        if (reply.Garbled) return [bytes[0], bytes[1], 0x81, 0x80, 0, 1, 0, 9, 0, 0, 0, 0, 0xC0, 0x0C];

        var (repeated, addresses, code) = (bytes[12..end].ToArray(), reply.Addresses, reply.FailsOfSix && type == Aaaa ? (byte)2 : reply.Code);
        if (reply.Forged is { } forged && most == 512)
        {
            addresses = [forged];
            for (var i = 0; i < repeated.Length; i++) repeated[i] = (byte)char.ToLowerInvariant((char)repeated[i]);
        }

        byte[][] answers = type == Text
            ? [.. reply.Records.Select(static record => Record(Text, [.. record.SelectMany(static text => (byte[])[(byte)text.Length, .. Encoding.ASCII.GetBytes(text)])]))]
            : [.. addresses.Where(address => TypeOf(address) == type).Select(address => Record(type, address.GetAddressBytes()))];
        var records = answers.SelectMany(static answer => answer).ToArray();
        var isCut = end + records.Length > most;
        var count = isCut ? 0 : answers.Length;
        return [bytes[0], bytes[1], (byte)(isCut ? 0x83 : 0x81), (byte)(0x80 | code), 0, 1, (byte)(count >> 8), (byte)count, 0, 0, 0, 0, .. repeated, .. isCut ? [] : records];
    }

    private static byte TypeOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? A : Aaaa;

    /// <summary>A record of the name that was asked for (a pointer to it), IN, a minute to live.</summary>
    private static byte[] Record(byte type, byte[] data) => [0xC0, 0x0C, 0, type, 0, 1, 0, 0, 0, 60, (byte)(data.Length >> 8), (byte)data.Length, .. data];

    private sealed record Reply(byte Code, string[][] Records)
    {
        public IPAddress[] Addresses { get; init; } = [];

        public IPAddress? Forged { get; init; }

        public bool FailsOfSix { get; init; }

        public bool Garbled { get; init; }

        public bool Silent { get; init; }
    }
}
