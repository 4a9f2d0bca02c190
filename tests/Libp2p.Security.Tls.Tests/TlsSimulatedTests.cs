using Libp2p.TestKit;

namespace Libp2p.Security.Tls.Tests;

public sealed class TlsChannelInSimulation : SimulatedSuite<TlsChannelContractTests>;

public sealed class TlsConnectionInSimulation : SimulatedSuite<TlsConnectionContractTests>;
