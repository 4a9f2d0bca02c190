namespace Libp2p.TestKit.Tests;

public class MemoryBytesTests : ByteConnectionContract
{
    protected override ValueTask<ByteConnectionPair> ConnectAsync()
    {
        var pair = BytePair.Create();
        return new(new ByteConnectionPair(pair.Dialer, pair.Listener));
    }
}
