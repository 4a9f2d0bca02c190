using Libp2p.TestKit;

namespace Libp2p.Transports.Tcp.Tests;

public sealed class TcpByteTransportInSimulation : SimulatedSuite<TcpByteTransportContract>;

public sealed class TcpByteConnectionInSimulation : SimulatedSuite<TcpByteConnectionContract>;

public sealed class TcpSmallBuffersInSimulation : SimulatedSuite<TcpSmallBuffersContract>;
