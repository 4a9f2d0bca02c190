using System.Buffers.Binary;
using Libp2p.TestKit;

namespace Libp2p.Security.Tls.Tests;

public class TlsChannelContractTests : SecurityChannelContract
{
    protected override bool ChoosesMuxerEarly => true;

    protected override int TamperStride => 31;

    protected override ISecurityChannel CreateChannel() => Channels.Create();

    /// <summary>
    /// Not the version of a record that is not encrypted, which is to be ignored (RFC 8446, section 5.1), and not the tickets that OpenSSL sends behind the handshake, whatever it is told: behind the encrypted
    /// extensions, the request for a certificate, the certificate, its verification and the end.
    /// </summary>
    protected override bool IsMinded(ConnectionRole sender, ReadOnlySpan<byte> sent, int at)
    {
        var encrypted = 0;
        for (var start = 0; start + 5 <= sent.Length; start += 5 + BinaryPrimitives.ReadUInt16BigEndian(sent[(start + 3)..]))
        {
            if (sent[start] == 23) encrypted++;
            if (at < start + 5 + BinaryPrimitives.ReadUInt16BigEndian(sent[(start + 3)..]))
            {
                return sent[start] == 23 ? sender == ConnectionRole.Dialer || encrypted <= 5 : at - start is not (1 or 2);
            }
        }

        return true;
    }
}

public class TlsConnectionContractTests : ByteConnectionContract
{
    protected override async ValueTask<ByteConnectionPair> ConnectAsync()
    {
        var wire = BytePair.Create();
        var (dialer, listener) = await SecurityChannelContract.ConnectSecuredAsync(Channels.Create(), Channels.Create(), wire);
        return new ByteConnectionPair(dialer.Connection, listener.Connection, wire);
    }
}
