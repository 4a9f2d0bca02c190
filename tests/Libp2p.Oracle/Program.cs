return await Libp2p.Oracle.OracleProgram.RunAsync();
